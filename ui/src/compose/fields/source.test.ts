import { describe, expect, it } from "vitest";
import { fieldSource, fromChips, parseField, splitText, toChips } from "./source";

describe("a dynamic field", () => {
  it("is read in any spacing and written in one", () => {
    const field = parseField("{{  company|default:'your company' | upcase }}");
    expect(field).toEqual({ name: "company", fallback: "your company", filters: "| upcase" });
    expect(field && fieldSource(field)).toBe('{{company | default: "your company" | upcase}}');
  });

  it.each(["{{}}", "{{ First }}", "{ first_name }", "{{first_name", "{{first name}}"])(
    "is not %j",
    (text) => {
      expect(parseField(text)).toBeNull();
    },
  );

  it("keeps a quote in the text that stands in for it", () => {
    const field = { name: "company", fallback: 'the "old" firm', filters: "" };
    expect(parseField(fieldSource(field))).toEqual(field);
  });

  it("is found between words", () => {
    expect(splitText("Hi {{first_name}}, {{ nonsense }")).toEqual([
      "Hi ",
      { name: "first_name", fallback: null, filters: "" },
      ", {{ nonsense }",
    ]);
  });
});

describe("fields in a body", () => {
  it.each([
    "<p>Hi {{first_name}},</p>",
    '<p>About {{company | default: "your company"}} and {{title | default: "you" | upcase}}</p>',
    "<p>{{first_name}}{{last_name}}</p><ul><li>{{company}}</li></ul>",
    '<p>{{company | default: "R&amp;D &lt;lab&gt;"}}</p>',
    "<p>No field { here }</p>",
  ])("survive the way into the editor and back: %s", (html) => {
    expect(toChips(html)).not.toContain("{{");
    expect(fromChips(toChips(html))).toBe(html);
  });

  it("stay text inside an attribute", () => {
    const html = '<p><a href="https://x.example/?n={{first_name}}" title="a > b">link</a></p>';
    expect(toChips(html)).toBe(html);
  });

  it("are found when the server wrote the quotes as entities", () => {
    expect(fromChips(toChips("<p>{{company | default: &quot;you&quot;}}</p>"))).toBe(
      '<p>{{company | default: "you"}}</p>',
    );
  });

  it("lose the label the editor shows on a chip", () => {
    expect(fromChips('<p><span class="qd" data-field="company" data-fallback="you">Company</span></p>')).toBe(
      '<p>{{company | default: "you"}}</p>',
    );
  });
});

import { describe, expect, it } from "vitest";
import { unsafeKinds } from "./unsafe";

describe("pasted HTML", () => {
  it("is named for what is taken out of it", () => {
    expect(unsafeKinds("<p>Hi</p><script>alert(1)</script>")).toEqual(["script"]);
    expect(unsafeKinds('<img src="x" onerror="alert(1)"><iframe src="y"></iframe>')).toEqual([
      "script",
      "iframe",
    ]);
    expect(unsafeKinds("<form><input></form>")).toEqual(["form"]);
  });

  it("is left alone when there is nothing wrong with it", () => {
    expect(unsafeKinds('<p>We are <b>online</b> = <a href="https://x.example">here</a></p>')).toEqual([]);
  });
});

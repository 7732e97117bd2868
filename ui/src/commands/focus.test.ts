import { expect, test } from "vitest";
import { keepsKey, type Place, worksIn } from "./focus";

/** The innermost of elements that lie in each other, the outermost first: `["div role=grid", "button"]`. */
function inside(...elements: string[]): Place | null {
  let place: Place | null = null;
  for (const element of elements) {
    const [tag = "", ...attributes] = element.split(" ");
    const values = new Map(attributes.map((attribute) => attribute.split("=") as [string, string]));
    place = {
      tagName: tag.toUpperCase(),
      parentElement: place,
      getAttribute: (name) => values.get(name) ?? null,
    };
  }
  return place;
}

const row = ["main tabindex=-1", "div role=grid", "div role=row tabindex=0"];
const pressed = ["enter", "space", "shift+enter", "shift+space"];

test.each([
  "button",
  "a href=/emails/failed",
  "summary",
  "input type=checkbox",
  "input type=checkbox role=switch",
  "input type=radio",
  "button role=tab",
  "div role=menuitem",
  "div role=option",
  "div role=slider",
])("Enter and Space belong to a %s, and to what lies in it", (control) => {
  for (const key of pressed) {
    expect(keepsKey(key, inside("main", control))).toBe(true);
    expect(keepsKey(key, inside("main", control, "span"))).toBe(true);
  }
});

test("Enter and Space are commands on the row of a list, in its cells, and where nothing has the focus", () => {
  for (const key of pressed) {
    expect(keepsKey(key, inside(...row))).toBe(false);
    expect(keepsKey(key, inside(...row, "div role=gridcell tabindex=-1"))).toBe(false);
    expect(keepsKey(key, inside("body"))).toBe(false);
    expect(keepsKey(key, null)).toBe(false);
  }
});

test("a button in a row is pressed like any other", () => {
  expect(keepsKey("enter", inside(...row, "button"))).toBe(true);
});

test("the other keys of the list work from a button, for nobody presses it with them", () => {
  for (const key of ["j", "x", "arrowdown", "mod+a", "escape", "mod+enter"])
    expect(keepsKey(key, inside("main", "button"))).toBe(false);
});

test("arrows belong to what they choose in or scroll", () => {
  const owners = [
    "input type=radio",
    "input type=range",
    "button role=tab",
    "div role=menu",
    "pre tabindex=0",
  ];
  for (const owner of owners)
    for (const key of ["arrowup", "arrowdown", "shift+arrowdown"])
      expect(keepsKey(key, inside("main", owner)), owner).toBe(true);
  expect(keepsKey("arrowdown", inside("main", "section tabindex=0", "button"))).toBe(true);
  expect(keepsKey("arrowdown", inside(...row))).toBe(false);
  expect(keepsKey("arrowdown", inside("main", "input type=checkbox"))).toBe(false);
});

test("letters belong to text fields and open menus, commands with mod and Escape do not", () => {
  const fields = [
    "input",
    "input type=search",
    "textarea",
    "select",
    "div contenteditable=true",
    "div role=menu",
  ];
  for (const field of fields) {
    expect(keepsKey("e", inside("main", field)), field).toBe(true);
    expect(keepsKey("?", inside("main", field)), field).toBe(true);
    expect(keepsKey("mod+k", inside("main", field)), field).toBe(false);
    expect(keepsKey("escape", inside("main", field)), field).toBe(false);
  }
  expect(keepsKey("e", inside("main", "div contenteditable=false"))).toBe(false);
  expect(keepsKey("e", inside("main", "input type=checkbox"))).toBe(false);
});

test("behind a modal dialog nothing happens", () => {
  for (const key of ["e", "escape", "mod+k"])
    expect(keepsKey(key, inside("section role=dialog aria-modal=true", "button"))).toBe(true);
});

test("in a pop-over, a menu or the window to write in, the list behind hears nothing", () => {
  for (const layer of ["section role=dialog aria-modal=false", "div role=menu", "div role=listbox"]) {
    expect(worksIn("lists", inside(layer, "button"))).toBe(false);
    expect(worksIn("emails", inside(layer, "button"))).toBe(false);
    expect(worksIn("anywhere", inside(layer, "button"))).toBe(true);
    expect(worksIn("compose", inside(layer, "button"))).toBe(true);
  }
  expect(worksIn("lists", inside(...row))).toBe(true);
});

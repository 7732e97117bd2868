import { expect, test } from "vitest";
import { capsOf, type KeyPress, nameOf, sleepsInText } from "./keys";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: "",
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test("a letter is named by itself, a capital by shift", () => {
  expect(nameOf(press("e"), false)).toBe("e");
  expect(nameOf(press("F", { shiftKey: true }), false)).toBe("shift+f");
});

test("a symbol already says that shift was held", () => {
  expect(nameOf(press("?", { shiftKey: true }), false)).toBe("?");
  expect(nameOf(press("ArrowDown", { shiftKey: true }), false)).toBe("shift+arrowdown");
});

test("mod is the command key on Apple's keyboards and Ctrl elsewhere", () => {
  expect(nameOf(press("k", { metaKey: true }), true)).toBe("mod+k");
  expect(nameOf(press("k", { ctrlKey: true }), false)).toBe("mod+k");
  expect(nameOf(press("k", { metaKey: true }), false)).toBe("k");
});

test("a layout that is not Latin is read by the place of the key", () => {
  expect(nameOf(press("у", { code: "KeyE" }), false)).toBe("e");
  expect(nameOf(press("ㅓ", { code: "KeyJ" }), false)).toBe("j");
});

test("a modifier alone is no key press", () => {
  expect(nameOf(press("Shift", { shiftKey: true }), false)).toBeNull();
});

test("letters sleep in text, commands with mod and Escape do not", () => {
  expect(sleepsInText("e")).toBe(true);
  expect(sleepsInText("?")).toBe(true);
  expect(sleepsInText("mod+enter")).toBe(false);
  expect(sleepsInText("escape")).toBe(false);
});

test("caps are printed as on the keyboard", () => {
  expect(capsOf("mod+shift+enter", true)).toEqual(["⌘⇧⏎"]);
  expect(capsOf("mod+k", false)).toEqual(["Ctrl K"]);
  expect(capsOf("g e", false)).toEqual(["G", "E"]);
  expect(capsOf("?", false)).toEqual(["?"]);
});

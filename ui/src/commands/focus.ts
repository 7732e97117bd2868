import { sleepsInText } from "./keys";
import type { CommandGroup } from "./registry";

/** As much of an element as tells which keys are its own. */
export type Place = {
  tagName: string;
  parentElement: Place | null;
  getAttribute: (name: string) => string | null;
};

const moves = new Set(["arrowup", "arrowdown", "arrowleft", "arrowright", "home", "end"]);
const presses = new Set(["enter", "space"]);

const pressedTags = new Set(["BUTTON", "SUMMARY", "INPUT", "SELECT", "TEXTAREA"]);
const pressedRoles = new Set([
  "button",
  "link",
  "switch",
  "checkbox",
  "radio",
  "tab",
  "menuitem",
  "option",
  "combobox",
  "listbox",
  "slider",
]);
const movedInRoles = new Set(["radio", "tab", "menu", "listbox", "combobox", "slider"]);
const inputsWithoutText = new Set(["checkbox", "radio", "button", "submit", "reset", "file", "range"]);
const layerRoles = new Set(["dialog", "menu", "listbox"]);

/** What a command does in the whole product, and not with the page behind what is open over it. */
const everywhere: ReadonlySet<CommandGroup> = new Set(["anywhere", "compose"]);

/**
 * Whether a key belongs to what has the focus and is no command: letters where text is written, Enter and Space
 * on what can be pressed, arrows where they choose or scroll. Behind a modal dialog every key is lost.
 */
export function keepsKey(name: string, focused: Place | null): boolean {
  const key = name.replace(/^shift\+(?=.)/, "");
  return has(
    focused,
    (place) =>
      place.getAttribute("aria-modal") === "true" ||
      (presses.has(key) && isPressed(place)) ||
      (moves.has(key) && isMovedIn(place)) ||
      ((presses.has(key) || moves.has(key)) && isScrolled(place)) ||
      (sleepsInText(name) && takesLetters(place)),
  );
}

/** Whether commands of a group work where the focus is: those of a list do not in what lies over it. */
export function worksIn(group: CommandGroup, focused: Place | null): boolean {
  return everywhere.has(group) || !has(focused, (place) => layerRoles.has(place.getAttribute("role") ?? ""));
}

/** Whether it is so of an element or of one that it lies in. */
function has(focused: Place | null, what: (place: Place) => boolean): boolean {
  for (let place = focused; place !== null; place = place.parentElement) if (what(place)) return true;
  return false;
}

function isPressed(place: Place): boolean {
  return (
    pressedTags.has(place.tagName) ||
    (place.tagName === "A" && place.getAttribute("href") !== null) ||
    pressedRoles.has(place.getAttribute("role") ?? "")
  );
}

function isMovedIn(place: Place): boolean {
  const isChosenByArrows = place.tagName === "INPUT" && ["radio", "range"].includes(typeOf(place));
  return isChosenByArrows || movedInRoles.has(place.getAttribute("role") ?? "");
}

/** Something that is focused for no other reason than to be scrolled. */
function isScrolled(place: Place): boolean {
  return place.getAttribute("tabindex") === "0" && ["SECTION", "PRE"].includes(place.tagName);
}

/** A text field, an open menu or list. */
function takesLetters(place: Place): boolean {
  const editable = place.getAttribute("contenteditable");
  if (editable !== null && editable !== "false") return true;
  if (place.tagName === "INPUT") return !inputsWithoutText.has(typeOf(place));
  if (place.tagName === "TEXTAREA" || place.tagName === "SELECT") return true;
  return ["menu", "listbox"].includes(place.getAttribute("role") ?? "");
}

function typeOf(input: Place): string {
  return (input.getAttribute("type") ?? "text").toLowerCase();
}

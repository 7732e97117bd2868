/** The part of a keyboard event that decides which key was meant. */
export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "metaKey" | "ctrlKey" | "altKey" | "shiftKey">;

export const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const modifierKeys = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "Dead"]);

/**
 * Names a key press the way commands name their keys: `e`, `shift+f`, `mod+k`, `?`, `backspace`.
 * `null` for a modifier alone. `mod` is ⌘ on Apple's keyboards and Ctrl elsewhere.
 */
export function nameOf(press: KeyPress, apple: boolean = isApple): string | null {
  if (modifierKeys.has(press.key)) return null;
  const key = latinKey(press);
  const parts: string[] = [];
  if (apple ? press.metaKey : press.ctrlKey) parts.push("mod");
  if (press.altKey) parts.push("alt");
  // A symbol such as `?` already says that shift was held; a letter or a named key does not.
  if (press.shiftKey && (key.length > 1 || /^[a-z0-9]$/.test(key))) parts.push("shift");
  return [...parts, key].join("+");
}

/** A layout that is not Latin still has its keys in the same places: take the place. */
function latinKey({ key, code, altKey }: KeyPress): string {
  const foreign = key.length === 1 && key.charCodeAt(0) > 0x7f;
  if (foreign || altKey) {
    const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(code);
    if (place) return (place[1] ?? place[2] ?? "").toLowerCase();
  }
  return key === " " ? "space" : key.toLowerCase();
}

/** Letters and symbols without ⌘ sleep while text is written. */
export function sleepsInText(name: string): boolean {
  return !name.startsWith("mod+") && name !== "escape" && !name.startsWith("alt+");
}

const symbols: Record<string, string> = {
  enter: "⏎",
  backspace: "⌫",
  escape: "Esc",
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
  space: "␣",
};

/** The caps to print for one key name: `mod+shift+enter` is ⌘ ⇧ ⏎, or Ctrl ⇧ ⏎ elsewhere. */
export function capsOf(name: string, apple: boolean = isApple): string[] {
  return name.split(" ").map((stroke) =>
    stroke
      .split(/\+(?=.)/)
      .map((part) => {
        if (part === "mod") return apple ? "⌘" : "Ctrl ";
        if (part === "alt") return apple ? "⌥" : "Alt ";
        if (part === "shift") return "⇧";
        return symbols[part] ?? (part.length === 1 ? part.toUpperCase() : part);
      })
      .join(""),
  );
}

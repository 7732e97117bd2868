/** One of twelve hues, always the same for the same address. */
export function hueOf(address: string): number {
  let hash = 0;
  for (const character of address.toLowerCase()) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 12) * 30 + 8;
}

/** The first letters of the first and last name; one character where names are written without spaces or in CJK. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  if (/[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF]/.test(first) || words.length < 2 || name.includes("@"))
    return first.toLocaleUpperCase();
  const last = [...(words.at(-1) ?? "")][0] ?? "";
  return (first + last).toLocaleUpperCase();
}

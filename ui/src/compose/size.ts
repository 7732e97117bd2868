/** Bytes of base64 in a message: four characters for three bytes, a line break (CRLF) after each 76 characters. */
export function encodedSize(bytes: number): number {
  const characters = Math.ceil(bytes / 3) * 4;
  return characters + Math.ceil(characters / 76) * 2;
}

/** Headers, boundaries and the part headers of one attachment, generously. */
const ENVELOPE = 4_096;
const PART = 512;

/** What the message will weigh on the wire: the body travels twice (HTML and text), attachments as base64. */
export function messageSize(bodyHtml: string, attachments: readonly { size: number }[]): number {
  const body = new TextEncoder().encode(bodyHtml).length;
  const files = attachments.reduce((sum, file) => sum + encodedSize(file.size) + PART, 0);
  return ENVELOPE + encodedSize(body) * 2 + files;
}

/** The files that still fit, in their order, and those that do not. */
export function whichFit<T extends { size: number }>(
  files: readonly T[],
  bodyHtml: string,
  already: readonly { size: number }[],
  limit: number,
): { fits: T[]; tooLarge: T[] } {
  const fits: T[] = [];
  const tooLarge: T[] = [];
  for (const file of files) {
    const total = messageSize(bodyHtml, [...already, ...fits, file]);
    (total <= limit ? fits : tooLarge).push(file);
  }
  return { fits, tooLarge };
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "22.4 MB" in the reader's language. */
export function formatBytes(bytes: number, language: string): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[power] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

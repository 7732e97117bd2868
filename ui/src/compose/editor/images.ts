const shown = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The files that mail programs can show inside a message. */
export function isImage(file: File): boolean {
  return shown.has(file.type);
}

/** The images that were pasted or dropped. Text copied with a picture of itself is text. */
export function imagesOf(data: DataTransfer | null): File[] {
  if (!data || data.types.includes("text/html")) return [];
  return [...data.files].filter(isImage);
}

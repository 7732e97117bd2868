import { isAddress } from "../addresses";

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The address a person meant by what they typed; null when it leads nowhere, or somewhere unsafe. */
export function asUrl(text: string): string | null {
  const typed = text.trim();
  if (isAddress(typed)) return `mailto:${typed}`;
  // A field may stand in an address; it has a value only when the email goes.
  const written = /^[a-z][a-z0-9+.-]*:(?!\d)/iu.test(typed) ? typed : `https://${typed}`;
  try {
    const url = new URL(written);
    const complete = url.protocol.startsWith("http") ? url.hostname.includes(".") || url.port !== "" : true;
    return typed !== "" && SCHEMES.has(url.protocol) && complete ? written : null;
  } catch {
    return null;
  }
}

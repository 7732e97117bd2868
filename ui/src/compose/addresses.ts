/** A name and an address as they stand in a header: `Marta Silva <marta@brisamar.example>`. */
export type Mailbox = { name: string; address: string };

const ATEXT = '[^\\s"(),:;<>@\\[\\]\\\\.]+';
const LOCAL = new RegExp(`^${ATEXT}(\\.${ATEXT})*$`, "u");
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u;

/** Whether the text can be mailed to: the server decides in the end, this is for an answer while typing. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split(".");
  return (
    at > 0 &&
    text.length <= 254 &&
    local.length <= 64 &&
    LOCAL.test(local) &&
    labels.length > 1 &&
    labels.every((label) => label.length <= 63 && LABEL.test(label))
  );
}

/** Reads one mailbox; null when there is no valid address in it. */
export function parseMailbox(text: string): Mailbox | null {
  const trimmed = text.trim();
  const angled = /^(.*)<([^<>]*)>$/su.exec(trimmed);
  const address = (angled ? (angled[2] ?? "") : trimmed).trim().replace(/^mailto:/i, "");
  const name = angled ? unquote((angled[1] ?? "").trim()) : "";
  return isAddress(address) ? { name, address } : null;
}

/** Reads a pasted list, separated by commas, semicolons or line breaks; `rest` is what could not be read. */
export function parseMailboxes(text: string): { found: Mailbox[]; rest: string[] } {
  const found: Mailbox[] = [];
  const rest: string[] = [];
  for (const part of splitList(text)) {
    const mailbox = parseMailbox(part);
    if (mailbox) found.push(mailbox);
    else rest.push(part.trim());
  }
  return { found, rest };
}

/** First and last name guessed from a display name: the last word is the last name. */
export function splitName(name: string): { first_name?: string; last_name?: string } {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const last = words.length > 1 ? words.at(-1) : undefined;
  const first = words.slice(0, last ? -1 : undefined).join(" ");
  return { ...(first && { first_name: first }), ...(last && { last_name: last }) };
}

function unquote(name: string): string {
  const quoted = /^"(.*)"$/su.exec(name);
  return quoted ? (quoted[1] ?? "").replace(/\\(.)/gu, "$1") : name;
}

/** A comma inside quotes or angle brackets belongs to the name, not to the list. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  let angled = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    if (!quoted && char === "<") angled = true;
    if (!quoted && char === ">") angled = false;
    if (!quoted && !angled && /[,;\n\r]/u.test(char)) {
      parts.push(part);
      part = "";
    } else {
      part += char;
    }
  }
  parts.push(part);
  return parts.filter((entry) => entry.trim() !== "");
}

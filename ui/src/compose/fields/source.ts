/** A dynamic field as a writer sees it: its name, what stands there when it is empty, and any other filters verbatim. */
export type Field = { name: string; fallback: string | null; filters: string };

const FIELD = /\{\{\s*([a-z][a-z0-9_]*)\s*((?:\|(?:"[^"]*"|'[^']*'|[^}"'])*)?)\}\}/gu;
const FALLBACK = /\|\s*default:\s*(?:"([^"]*)"|'([^']*)')\s*/u;
const TAG_OR_COMMENT = /<!--[\s\S]*?-->|<(?:"[^"]*"|'[^']*'|[^>"'])*>/gu;
const CHIP = /<span\b((?:"[^"]*"|[^>"])*\bdata-field="[^"]*"(?:"[^"]*"|[^>"])*)>[^<]*<\/span>/gu;

/** `{{ first_name | default: "there" }}`, in one spelling. */
export function fieldSource({ name, fallback, filters }: Field): string {
  const quote = fallback?.includes('"') ? "'" : '"';
  const otherwise = fallback === null ? "" : ` | default: ${quote}${fallback.replaceAll(quote, "")}${quote}`;
  const rest = filters.trim() === "" ? "" : ` ${filters.trim()}`;
  return `{{${name}${otherwise}${rest}}}`;
}

/** Reads one `{{…}}`; null when it is no field. */
export function parseField(source: string): Field | null {
  const match = new RegExp(`^${FIELD.source}$`, "u").exec(source.trim());
  return match ? readField(match[1] ?? "", match[2] ?? "") : null;
}

/** Text cut into words and fields, in order. */
export function splitText(text: string): (string | Field)[] {
  const parts: (string | Field)[] = [];
  let end = 0;
  for (const match of text.matchAll(FIELD)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(readField(match[1] ?? "", match[2] ?? ""));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** Stored HTML made ready for the editor: each field in the text becomes a chip. Attributes stay as they are. */
export function toChips(html: string): string {
  return mapText(html, (text) =>
    splitText(text.replaceAll("&quot;", '"'))
      .map((part) => (typeof part === "string" ? part : chipHtml(part)))
      .join(""),
  );
}

/** The editor's HTML made ready to be stored: each chip becomes plain `{{…}}` text. */
export function fromChips(html: string): string {
  return html.replace(CHIP, (_, attributes: string) =>
    escapeText(
      fieldSource({
        name: attribute(attributes, "data-field") ?? "",
        fallback: attribute(attributes, "data-fallback"),
        filters: attribute(attributes, "data-filters") ?? "",
      }),
    ),
  );
}

/** The chip as HTML; the editor's field node reads and writes exactly this. */
export function chipHtml(field: Field): string {
  const attributes = Object.entries(chipAttributes(field))
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join("");
  return `<span${attributes}></span>`;
}

/** The attributes that carry a field on its chip. */
export function chipAttributes({ name, fallback, filters }: Field): Record<string, string> {
  return {
    "data-field": name,
    ...(fallback !== null && { "data-fallback": fallback }),
    ...(filters !== "" && { "data-filters": filters }),
  };
}

function readField(name: string, pipes: string): Field {
  const fallback = FALLBACK.exec(decodeEntities(pipes));
  return {
    name,
    fallback: fallback ? (fallback[1] ?? fallback[2] ?? "") : null,
    filters: decodeEntities(pipes).replace(FALLBACK, "").trim(),
  };
}

function mapText(html: string, change: (text: string) => string): string {
  let result = "";
  let end = 0;
  for (const match of html.matchAll(TAG_OR_COMMENT)) {
    result += change(html.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return result + change(html.slice(end));
}

function attribute(attributes: string, name: string): string | null {
  const match = new RegExp(`\\b${name}="([^"]*)"`, "u").exec(attributes);
  return match ? decodeEntities(match[1] ?? "") : null;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;");
}

function decodeEntities(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&amp;", "&");
}

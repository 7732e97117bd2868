/** One thing that is different afterwards. */
export type Change = { name: string; before: string | null; after: string | null };

/** What differs between two recorded states; nested parts are named by their path. */
export function changesBetween(before: unknown, after: unknown): Change[] {
  const old = flatten(before);
  const young = flatten(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  return names
    .map((name) => ({ name, before: old[name] ?? null, after: young[name] ?? null }))
    .filter((change) => change.before !== change.after);
}

function flatten(value: unknown, path = ""): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object") return { [path]: String(value) };
  if (Array.isArray(value)) return { [path]: value.map((item) => text(item)).join(", ") };
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, part]) => flatten(part, path === "" ? name : `${path}.${name}`)),
  );
}

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

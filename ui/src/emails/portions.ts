/** What the server does at once: little enough that mail which is being sent meanwhile need not wait for it. */
const most = 500;

/** Portions of nearly the same size: a few left over would be queued ahead of the many, as single emails are. */
export function portionsOf<T>(items: readonly T[], size = most): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, place) =>
    items.slice(Math.floor((place * items.length) / count), Math.floor(((place + 1) * items.length) / count)),
  );
}

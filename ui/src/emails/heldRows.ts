/** What the list shows while nothing may move under the hand. */
export type Held = {
  ids: string[];
  /** How many emails stand elsewhere in the new order, or are new in it. */
  newer: number;
  /** Emails that have left the folder but keep their place until the order is shown. */
  gone: ReadonlySet<string>;
};

/**
 * Keeps the order that is shown. What is new at the end, because more of the list was loaded, moves
 * nothing and joins; what is new above, and what moved up, is only counted.
 */
export function holdRows(shown: readonly string[], latest: readonly string[]): Held {
  const places = new Map(shown.map((id, place) => [id, place]));
  const lastKnown = latest.findLastIndex((id) => places.has(id));
  if (lastKnown < 0) return { ids: [...latest], newer: 0, gone: new Set() };

  const still = new Set(latest);
  const gone = new Set(shown.filter((id) => !still.has(id)));
  return {
    ids: [...shown, ...latest.slice(lastKnown + 1)],
    newer: countNewer(latest.slice(0, lastKnown + 1), places),
    gone,
  };
}

/** Walks up from the end: an email whose old place was below one that now follows it has moved up. */
function countNewer(latest: readonly string[], places: ReadonlyMap<string, number>): number {
  let newer = 0;
  let highest = Number.POSITIVE_INFINITY;
  for (const id of latest.toReversed()) {
    const place = places.get(id);
    if (place === undefined || place > highest) newer += 1;
    else highest = place;
  }
  return newer;
}

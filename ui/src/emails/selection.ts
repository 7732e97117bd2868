/** The checked emails, the one from which Shift extends, and whether the folder was chosen as a whole. */
export type Selection = { ids: ReadonlySet<string>; anchor: string | null; whole: boolean };

export const nothingSelected: Selection = { ids: new Set(), anchor: null, whole: false };

export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return ids.size === 0 ? nothingSelected : { ...selection, ids, anchor: id };
}

/** Checks everything between the anchor and the email, both included. */
export function extendTo(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return toggle(selection, id);
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ...selection, ids: new Set([...selection.ids, ...between]) };
}

/** Checks all that is loaded, or clears when all of it was checked. */
export function toggleAll(selection: Selection, order: readonly string[]): Selection {
  if (order.every((id) => selection.ids.has(id))) return nothingSelected;
  return { ...nothingSelected, ids: new Set(order) };
}

/** Checks all that the folder held when it was asked, loaded or not. */
export function selectWhole(ids: readonly string[]): Selection {
  return { ids: new Set(ids), anchor: null, whole: true };
}

/** How much of what the folder holds is checked, loaded or not. */
export function howMany({ ids }: Selection, total: number): "all" | "some" | "none" {
  if (ids.size === 0) return "none";
  return ids.size >= total ? "all" : "some";
}

/** Forgets emails that are no longer in the list; of a whole folder most never were. */
export function keepOnly(selection: Selection, order: readonly string[]): Selection {
  if (selection.whole) return selection;
  const present = new Set(order);
  if ([...selection.ids].every((id) => present.has(id))) return selection;
  return { ...selection, ids: new Set([...selection.ids].filter((id) => present.has(id))) };
}

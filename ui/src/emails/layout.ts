import { useSyncExternalStore } from "react";
import type { Folder } from "../api/types";
import type { ListOrder } from "./api";
import { type ColumnId, columnsOfFolder } from "./columns";

/** What a person chose for one folder; kept in this browser. */
export type Layout = {
  /** Every column that is offered, in the order of the screen. */
  order: ColumnId[];
  shown: ColumnId[];
  sizes: Partial<Record<ColumnId, number>>;
  compact: boolean;
  sorted: ListOrder | null;
};

const listeners = new Set<() => void>();
const layouts = new Map<Folder, Layout>();

const placeOf = (folder: Folder): string => `quarterdeck.layout.${folder}`;

export function usualLayout(folder: Folder): Layout {
  const { offered, shown } = columnsOfFolder[folder];
  return {
    order: [...shown, ...offered.filter((id) => !shown.includes(id))],
    shown,
    sizes: {},
    compact: false,
    sorted: null,
  };
}

function layoutOf(folder: Folder): Layout {
  let layout = layouts.get(folder);
  if (layout === undefined) {
    layout = readLayout(folder, localStorage.getItem(placeOf(folder)));
    layouts.set(folder, layout);
  }
  return layout;
}

/** Reads what was kept; columns that a newer version added come last, unknown ones are dropped. */
export function readLayout(folder: Folder, kept: string | null): Layout {
  const usual = usualLayout(folder);
  try {
    const { order = [], shown, sizes, compact, sorted } = JSON.parse(kept ?? "{}") as Partial<Layout>;
    const known = order.filter((id) => usual.order.includes(id));
    return {
      order: [...known, ...usual.order.filter((id) => !known.includes(id))],
      shown: shown?.filter((id) => usual.order.includes(id)) ?? usual.shown,
      sizes: sizes ?? {},
      compact: compact ?? false,
      sorted: sorted ?? null,
    };
  } catch {
    return usual;
  }
}

export function changeLayout(folder: Folder, change: Partial<Layout>): void {
  const layout = { ...layoutOf(folder), ...change };
  layouts.set(folder, layout);
  localStorage.setItem(placeOf(folder), JSON.stringify(layout));
  for (const listener of listeners) listener();
}

export function useLayout(folder: Folder): Layout {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => layoutOf(folder),
  );
}

/** Moves a column one place; the others close up. */
export function moveColumn(order: readonly ColumnId[], id: ColumnId, by: -1 | 1): ColumnId[] {
  const from = order.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return [...order];
  return order.toSpliced(from, 1).toSpliced(to, 0, id);
}

import { useMemo, useState } from "react";
import type { EmailRow } from "../api/types";
import { type Held, holdRows } from "./heldRows";
import { hasLeft, useLeaving } from "./leaving";

export type HeldRows = { rows: EmailRow[]; newer: number; gone: ReadonlySet<string>; show: () => void };

type Shown = { list: string; ids: string[]; rows: ReadonlyMap<string, EmailRow> };

/**
 * The rows to show. While `holding`, the order stays what it was when the holding began, and each row
 * still shows its latest figures.
 */
export function useHeldRows(list: string, latest: EmailRow[], holding: boolean): HeldRows {
  const leaving = useLeaving();
  const [shown, setShown] = useState<Shown>({ list, ids: [], rows: new Map() });
  const same = shown.list === list;

  const held = useMemo<Held>(() => {
    const ids = latest.map((row) => row.id);
    return holding && same ? holdRows(shown.ids, ids) : { ids, newer: 0, gone: new Set() };
  }, [latest, holding, same, shown.ids]);

  const rows = useMemo(() => {
    const merged = new Map(same ? shown.rows : []);
    for (const row of latest) merged.set(row.id, row);
    return merged;
  }, [latest, same, shown.rows]);

  // What is on screen is what the next change is held against.
  if (!sameOrder(held.ids, shown.ids) || !same) setShown({ list, ids: held.ids, rows });

  const visible = useMemo(
    () =>
      held.ids
        .map((id) => rows.get(id))
        .filter((row): row is EmailRow => row !== undefined && !hasLeft(row, leaving)),
    [held, rows, leaving],
  );

  const gone = useMemo(
    () => new Set(visible.filter((row) => held.gone.has(row.id)).map((row) => row.id)),
    [visible, held.gone],
  );

  return {
    rows: visible,
    newer: held.newer,
    gone,
    show: () =>
      setShown({ list, ids: latest.map((row) => row.id), rows: new Map(latest.map((row) => [row.id, row])) }),
  };
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, place) => id === b[place]);
}

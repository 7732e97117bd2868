import { useCallback, useMemo, useState } from "react";
import type { EmailRow } from "../api/types";
import { extendTo, keepOnly, nothingSelected, selectWhole, toggle, toggleAll } from "./selection";

/** The row that the keyboard went to last, and how many times it went anywhere. */
export type Moved = { id: string | null; count: number };

/** The cursor of the keyboard and the checked emails of a list. */
export function useChoice(rows: EmailRow[], ids: string[], opened: string | undefined) {
  const [kept, setKept] = useState(nothingSelected);
  const [cursor, setCursor] = useState<string | null>(opened ?? null);
  // Where the keyboard went last, counted, so that the list brings it into sight once.
  const [moved, setMoved] = useState<Moved>({ id: null, count: 0 });
  const selection = keepOnly(kept, ids);
  const others = useMemo(
    () => (selection.whole ? without(selection.ids, ids) : []),
    [selection.whole, selection.ids, ids],
  );

  const check = useCallback(
    (row: EmailRow, extend: boolean): void =>
      setKept((before) => (extend ? extendTo(before, row.id, ids) : toggle(before, row.id))),
    [ids],
  );
  const checkAll = useCallback(() => setKept((before) => toggleAll(before, ids)), [ids]);
  /** Checks a whole folder, unless everything was unchecked while it was asked for. */
  const checkWhole = useCallback(
    (folder: readonly string[]) =>
      setKept((before) => (before.ids.size === 0 ? before : selectWhole(folder))),
    [],
  );
  const clear = useCallback(() => setKept(nothingSelected), []);

  /** Puts the cursor on a row, and the focus with it. */
  const goTo = useCallback((id: string): void => {
    setCursor(id);
    setMoved((before) => ({ id, count: before.count + 1 }));
  }, []);

  /** One row up or down; with `extend` the rows on the way are checked. Gives the row arrived at. */
  const move = (by: 1 | -1, extend: boolean): EmailRow | undefined => {
    const from = cursor === null ? -1 : ids.indexOf(cursor);
    const next = rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))];
    if (next === undefined) return undefined;
    if (extend && cursor !== null)
      setKept((before) => extendTo(before.anchor === null ? toggle(before, cursor) : before, next.id, ids));
    goTo(next.id);
    return next;
  };

  /** Once emails leave the list, where the cursor goes on: the next one that stays. */
  const nextAfter = useCallback(
    (leaving: ReadonlySet<string>): string | null => {
      const place = ids.findIndex((id) => leaving.has(id));
      const stays = (id: string): boolean => !leaving.has(id);
      return ids.slice(place).find(stays) ?? ids.findLast(stays) ?? null;
    },
    [ids],
  );

  const current = rows.find((row) => row.id === (opened ?? cursor));
  const checked = rows.filter((row) => selection.ids.has(row.id));
  return {
    selection,
    checked,
    /** The checked emails whose rows are not loaded. */
    others,
    current,
    cursor: opened ?? cursor,
    moved,
    setCursor,
    goTo,
    check,
    checkAll,
    checkWhole,
    clear,
    move,
    nextAfter,
  };
}

function without(ids: ReadonlySet<string>, loaded: readonly string[]): string[] {
  const here = new Set(loaded);
  return [...ids].filter((id) => !here.has(id));
}

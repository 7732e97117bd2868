import { useSyncExternalStore } from "react";
import type { EmailRow } from "../api/types";

/**
 * Emails that a person has just moved out of sight, with the version they had then. The row hides at
 * once; a version that is newer than the one known here shows it again.
 */
let leaving: ReadonlyMap<string, number> = new Map();
const listeners = new Set<() => void>();

function become(next: ReadonlyMap<string, number>): void {
  leaving = next;
  for (const listener of listeners) listener();
}

export function leave(rows: Pick<EmailRow, "id" | "version">[]): void {
  become(new Map([...leaving, ...rows.map((row) => [row.id, row.version] as const)]));
}

export function comeBack(ids: readonly string[]): void {
  const back = new Set(ids);
  become(new Map([...leaving].filter(([id]) => !back.has(id))));
}

export function useLeaving(): ReadonlyMap<string, number> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => leaving,
  );
}

export function hasLeft(row: Pick<EmailRow, "id" | "version">, map: ReadonlyMap<string, number>): boolean {
  const version = map.get(row.id);
  return version !== undefined && row.version <= version;
}

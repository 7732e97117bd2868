import { useSyncExternalStore } from "react";
import type { Command } from "./registry";

/** What a person changed about the keys; kept in this browser. */
export type KeyPreferences = { lettersOff: boolean; changed: Record<string, string[]> };

const place = "quarterdeck.keys";
const untouched: KeyPreferences = { lettersOff: false, changed: {} };
const listeners = new Set<() => void>();
let preferences = read();

function read(): KeyPreferences {
  try {
    return { ...untouched, ...JSON.parse(localStorage.getItem(place) ?? "{}") };
  } catch {
    return untouched;
  }
}

export function changeKeyPreferences(change: Partial<KeyPreferences>): void {
  preferences = { ...preferences, ...change };
  localStorage.setItem(place, JSON.stringify(preferences));
  for (const listener of listeners) listener();
}

export function useKeyPreferences(): KeyPreferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
}

/** The keys of a command: the chosen ones, or its own; without letters when those are turned off. */
export function keysOf(command: Pick<Command, "id" | "keys">): string[] {
  const keys = preferences.changed[command.id] ?? command.keys ?? [];
  return preferences.lettersOff ? keys.filter((key) => !isLetter(key)) : keys;
}

function isLetter(key: string): boolean {
  return /^(shift\+)?[a-z0-9.?/[\]](\s.*)?$/.test(key);
}

import { useSyncExternalStore } from "react";
import type { FeedKind } from "../api/types";
import { feedKinds } from "./api";

/** How a person keeps the feed; remembered in this browser. */
export type FeedPreferences = {
  open: boolean;
  kinds: FeedKind[];
  automatic: boolean;
  /** Whether the desktop may be told. Asked for, never assumed. */
  notify: boolean;
};

const place = "quarterdeck.feed";
const usual: FeedPreferences = { open: false, kinds: [], automatic: false, notify: false };
const listeners = new Set<() => void>();
let preferences = readPreferences(kept());

function kept(): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}

/** Reads what was kept; what makes no sense is left out. */
export function readPreferences(text: string | null): FeedPreferences {
  try {
    const { open, kinds, automatic, notify } = JSON.parse(text ?? "{}") as Partial<FeedPreferences>;
    return {
      open: open === true,
      kinds: feedKinds.filter((kind) => kinds?.includes(kind)),
      automatic: automatic === true,
      notify: notify === true,
    };
  } catch {
    return usual;
  }
}

export function feedPreferences(): FeedPreferences {
  return preferences;
}

export function changeFeed(change: Partial<FeedPreferences>): void {
  preferences = { ...preferences, ...change };
  localStorage.setItem(place, JSON.stringify(preferences));
  for (const listener of listeners) listener();
}

export function toggleFeed(): void {
  changeFeed({ open: !preferences.open });
}

export function useFeedPreferences(): FeedPreferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
}

/** Where the feed covers what is beside it, it opens when it is asked for and not by itself. Says whether it closed. */
export function closeWhereItCovers(): boolean {
  const covers = preferences.open && window.matchMedia("(max-width: 1279px)").matches;
  if (covers) changeFeed({ open: false });
  return covers;
}

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { queryClient } from "../api/queries";
import type { EmailRow } from "../api/types";
import { feedPage, newsQuery } from "./api";
import { mayNotify, tellDesktop } from "./notify";
import { useFeedPreferences } from "./preferences";

/** The desktop is told of this much at the most. */
const looked = 20;

/** Clocks differ: what is due is asked for a moment later, and never without a pause. */
const moment = 500;
const shortestPause = 3000;
const longestPause = 10 * 60_000;

/** How many entries are new. Follows the feed also while it is closed, and tells the desktop when that is wanted. */
export function useFeedNews(onOpen: (email: EmailRow) => void): number {
  const { data, dataUpdatedAt } = useQuery(newsQuery);
  const { notify } = useFeedPreferences();
  const count = data?.count ?? 0;
  const next = data?.next_at ?? null;

  // A verdict settles in silence, so the page looks again when it does.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer starts a new wait, also one that says the same
  useEffect(() => {
    if (next === null) return;
    const wait = Math.min(longestPause, Math.max(shortestPause, Date.parse(next) - Date.now() + moment));
    const timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: ["feed"] }), wait);
    return () => clearTimeout(timer);
  }, [next, dataUpdatedAt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the desktop is told when the count changes, not when a handler does
  useEffect(() => {
    if (!notify || !mayNotify()) return;
    void feedPage({ kinds: [], automatic: false }, looked).then((page) =>
      tellDesktop(page, Date.now(), onOpen),
    );
  }, [notify, count]);

  return count;
}

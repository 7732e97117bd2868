import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { queryClient } from "../api/queries";
import type { EmailRow } from "../api/types";
import { useSession } from "../session/session";
import { newsQuery } from "./api";
import { useFeedPreferences } from "./preferences";
import { tellOfNews } from "./tellOfNews";

/** Clocks differ: what is due is asked for a moment later, and never without a pause. */
const moment = 500;
const shortestPause = 3000;
const longestPause = 10 * 60_000;

/** How many entries are new. Follows the feed also while it is closed, and tells the desktop of one's own when that is wanted. */
export function useFeedNews(onOpen: (email: EmailRow) => void): number {
  const { data, dataUpdatedAt } = useQuery(newsQuery);
  const { notify } = useFeedPreferences();
  const { view_as } = useSession();
  const count = data?.count ?? 0;
  const tells = notify && view_as === null;
  const next = data?.next_at ?? null;

  // A verdict settles in silence, so the page looks again when it does.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer starts a new wait, also one that says the same
  useEffect(() => {
    if (next === null) return;
    const wait = Math.min(longestPause, Math.max(shortestPause, Date.parse(next) - Date.now() + moment));
    const timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: ["feed"] }), wait);
    return () => clearTimeout(timer);
  }, [next, dataUpdatedAt]);

  const open = useRef(onOpen);
  open.current = onOpen;
  useEffect(() => (tells ? tellOfNews((email) => open.current(email)) : undefined), [tells]);

  return count;
}

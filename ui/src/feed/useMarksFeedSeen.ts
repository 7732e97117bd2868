import { useEffect, useState } from "react";
import type { FeedPage } from "../api/types";
import { markSeen } from "./api";

/** So long it has to be on screen to have been seen. */
const glance = 1500;

/**
 * Tells the server that the newest page was looked at. Answers what was new while the panel was open: it keeps its mark until the
 * panel is closed.
 */
export function useMarksFeedSeen(newest: FeedPage | undefined, allowed: boolean): ReadonlySet<string> {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const news = newest?.items.filter((entry) => entry.new) ?? [];
    if (newest === undefined || news.length === 0) return;
    setFresh((known) => new Set([...known, ...news.map(({ event }) => event.id)]));
    if (!allowed) return;
    const look = (): void => {
      if (document.visibilityState === "visible") void markSeen(newest.as_of).catch(() => undefined);
    };
    const timer = setTimeout(look, glance);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [newest, allowed]);
  return fresh;
}

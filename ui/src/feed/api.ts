import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { FeedKind, FeedPage } from "../api/types";

export const feedKinds: readonly FeedKind[] = [
  "viewed",
  "clicked",
  "replied",
  "auto_replied",
  "bounced",
  "complained",
  "unsubscribed",
];

/** What is shown: these kinds (all of them when there are none), and with machines or without. */
export type FeedFilter = { kinds: FeedKind[]; automatic: boolean };

const pageSize = 50;

export function feedPage(filter: FeedFilter, limit: number, cursor?: string | null): Promise<FeedPage> {
  const { kinds, automatic } = filter;
  const query = { limit, automatic, kinds: kinds.join(","), ...(cursor ? { cursor } : {}) };
  return answer(api.GET("/feed", { params: { query } }));
}

/** The feed, page after page; a live change fetches the loaded pages again. */
export function feedQuery(filter: FeedFilter) {
  return infiniteQueryOptions({
    queryKey: ["feed", "list", filter.kinds.join(","), filter.automatic],
    queryFn: ({ pageParam }) => feedPage(filter, pageSize, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** How much is new, and when more will be. */
export const newsQuery = queryOptions({
  queryKey: ["feed", "news"],
  queryFn: () => answer(api.GET("/feed/news")),
});

/** Says that the feed was seen as it was at a moment. */
export function markSeen(until: string): Promise<void> {
  return answer(api.PUT("/feed/look", { body: { until } }));
}

/** The most that the server counts as new. */
export const MAX_NEW = 100;

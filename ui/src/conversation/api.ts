import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

const pageSize = 20;

/** What was sent to a person and what came back, newest first; page after page reaches further back. */
export function conversationQuery(personId: string) {
  return infiniteQueryOptions({
    queryKey: ["emails", "conversation", personId],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/people/{id}/conversation", {
          params: {
            path: { id: personId },
            query: { limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function receivedQuery(id: string) {
  return queryOptions({
    queryKey: ["received", id],
    queryFn: () => answer(api.GET("/received/{id}", { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

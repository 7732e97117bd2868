import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { EmailAction, ResumeReason } from "../api/types";

/** Why a person is not to be mailed, and how that came about. */
export function personStopsQuery(person: string) {
  return queryOptions({
    queryKey: ["stops", "person", person],
    queryFn: () => answer(api.GET("/people/{id}/stops", { params: { path: { id: person } } })),
  });
}

/** Everybody who is not to be mailed, page after page. */
export function stopsQuery(text: string) {
  return infiniteQueryOptions({
    queryKey: ["stops", "list", text],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/stops", {
          params: { query: { ...(text ? { q: text } : {}), ...(pageParam ? { before: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export const resumeStop = (id: string, reason: ResumeReason, note: string) =>
  answer(api.POST("/stops/{id}/resume", { params: { path: { id } }, body: { reason, note } }));

export const unsubscribePerson = (id: string, email_id: string | null) =>
  answer<EmailAction>(
    api.POST("/people/{id}/unsubscribe", {
      params: { path: { id } },
      body: { note: "", ...(email_id ? { email_id } : {}) },
    }),
  );

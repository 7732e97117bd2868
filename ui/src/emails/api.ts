import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, ifMatch } from "../api/client";
import type {
  EmailAction,
  EmailActionForecast,
  EmailActionName,
  EmailRow,
  Folder,
  Order,
  Person,
  PersonEdit,
  Settled,
  Sort,
  Undone,
} from "../api/types";

export type ListOrder = { sort: Sort; order: Order };

const pageSize = 100;

/** The list of a folder, page after page; a live change fetches the loaded pages again. */
export function listQuery(folder: Folder, { sort, order }: ListOrder) {
  return infiniteQueryOptions({
    queryKey: ["emails", "list", folder, sort, order],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/emails", {
          params: {
            query: { folder, sort, order, limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export const countsQuery = queryOptions({
  queryKey: ["emails", "counts"],
  queryFn: () => answer(api.GET("/emails/counts")),
});

export function detailsQuery(id: string) {
  return queryOptions({
    queryKey: ["emails", "details", id],
    queryFn: () => answer(api.GET("/emails/{id}", { params: { path: { id } } })),
  });
}

/**
 * Where an uncertain email was looked for, and when it is looked for again. Only of one that is uncertain something is
 * known: it is asked anew when its details, which came at `asOf`, say that it still is.
 */
export function uncertaintyQuery(id: string, asOf: number) {
  return queryOptions({
    queryKey: ["uncertainty", id, asOf],
    queryFn: () => answer(api.GET("/emails/{id}/uncertain", { params: { path: { id } } })),
    placeholderData: keepPreviousData,
  });
}

/** The person of an email, to fill in what is not known of them. */
export function personQuery(id: string) {
  return queryOptions({
    queryKey: ["people", id],
    queryFn: () => answer<Person>(api.GET("/people/{id}", { params: { path: { id } } })),
    gcTime: 0,
  });
}

export function editPerson({ id, version }: Person, change: PersonEdit): Promise<Person> {
  return answer(
    api.PATCH("/people/{id}", { params: { path: { id }, header: ifMatch(version) }, body: change }),
  );
}

export function messageQuery(id: string) {
  return queryOptions({
    queryKey: ["messages", id],
    queryFn: () => answer(api.GET("/emails/{id}/message", { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The message as it would be sent now, with the values of its person. */
export function previewQuery(id: string) {
  return queryOptions({
    queryKey: ["emails", "preview", id],
    queryFn: () => answer(api.POST("/emails/{id}/preview", { params: { path: { id } }, body: {} })),
  });
}

/** The new time, for Reschedule; and the folder that was chosen as a whole. */
type ActionExtras = { at?: string | undefined; folder?: Folder | undefined };

export function actOn(
  action: EmailActionName,
  emailIds: string[],
  extras: ActionExtras,
): Promise<EmailAction> {
  return answer(api.POST("/email-actions", { body: { action, email_ids: emailIds, ...extras } }));
}

/** When the emails of an action would leave; nothing is changed. */
export function forecastAction(
  action: EmailActionName,
  emailIds: string[],
  extras: ActionExtras,
): Promise<EmailActionForecast> {
  return answer(api.POST("/email-actions/forecast", { body: { action, email_ids: emailIds, ...extras } }));
}

/** The emails of a folder as it is now, in the order of its list, up to a hundred thousand. */
export async function idsOfFolder(folder: Folder, { sort, order }: ListOrder): Promise<string[]> {
  const found = await answer(api.GET("/emails/ids", { params: { query: { folder, sort, order } } }));
  return found.ids;
}

export function undoAction(actionId: string): Promise<Undone> {
  return answer(api.DELETE("/email-actions/{id}", { params: { path: { id: actionId } } }));
}

export function unsendEmail(id: string): Promise<EmailRow> {
  return answer(api.DELETE("/emails/{id}/sending", { params: { path: { id } } }));
}

export function settleUncertain(id: string, outcome: "arrived" | "send_again"): Promise<Settled> {
  return answer(api.POST("/emails/{id}/uncertain", { params: { path: { id } }, body: { outcome } }));
}

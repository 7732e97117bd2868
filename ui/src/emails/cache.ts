import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "../api/queries";
import type { EmailActionName, EmailCounts, EmailDetails, EmailRow, EmailStatus, Page } from "../api/types";
import { countsQuery, detailsQuery } from "./api";

type List = InfiniteData<Page<EmailRow>, string | null>;

/** Changes rows wherever they are cached, ahead of the server's answer. */
export function patchRows(ids: ReadonlySet<string>, change: (row: EmailRow) => Partial<EmailRow>): void {
  const patch = (row: EmailRow): EmailRow => (ids.has(row.id) ? { ...row, ...change(row) } : row);
  queryClient.setQueriesData<List>({ queryKey: ["emails", "list"] }, (list) =>
    list ? { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(patch) })) } : list,
  );
  for (const id of ids)
    queryClient.setQueryData<EmailDetails>(detailsQuery(id).queryKey, (details) =>
      details ? { ...details, ...change(details) } : details,
    );
}

/** Where an action takes an email; `null` when it stays. */
const destinations: Record<EmailActionName, EmailStatus | null> = {
  archive: "archived",
  unarchive: "delivered",
  success: null,
  withdraw_success: null,
  retry: "scheduled",
  delete: "deleted",
  send_now: null,
  reschedule: null,
  edit: "draft",
  report_spam: "spam",
  seen: null,
};

export function destinationOf(action: EmailActionName): EmailStatus | null {
  return destinations[action];
}

/** Moves the figures of the folders along with the rows. */
export function moveCounts(rows: EmailRow[], to: EmailStatus): void {
  queryClient.setQueryData<EmailCounts>(countsQuery.queryKey, (counts) => {
    if (counts === undefined) return counts;
    const moved = { ...counts };
    for (const { status } of rows) {
      if (status !== "deleted") moved[status] = Math.max(0, moved[status] - 1);
      if (to !== "deleted") moved[to] += 1;
    }
    return moved;
  });
}

/** Asks the server again for everything that shows emails. */
export function refreshEmails(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ["emails"] });
}

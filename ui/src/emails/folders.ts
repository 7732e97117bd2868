import type { EmailCounts, Folder, Order, Sort } from "../api/types";

export type Tab = "sent" | "pending" | "undelivered";

/** The three tabs and their folders, in the order of the screen. */
export const tabs: { tab: Tab; folders: Folder[] }[] = [
  { tab: "sent", folders: ["delivered", "archived"] },
  { tab: "pending", folders: ["scheduled", "draft", "in_progress"] },
  { tab: "undelivered", folders: ["undelivered", "failed", "bounced", "spam"] },
];

const known = new Set<string>(tabs.flatMap(({ folders }) => folders));

export function isFolder(name: string): name is Folder {
  return known.has(name);
}

export function tabOf(folder: Folder): Tab {
  return tabs.find(({ folders }) => folders.includes(folder))?.tab ?? "sent";
}

export function foldersBeside(folder: Folder): Folder[] {
  return tabs.find(({ folders }) => folders.includes(folder))?.folders ?? [];
}

export function countOf(folder: Folder, counts: EmailCounts): number {
  if (folder === "undelivered") return counts.failed + counts.bounced + counts.spam;
  return counts[folder];
}

export function tabCount(tab: Tab, counts: EmailCounts): number {
  if (tab === "sent") return counts.delivered + counts.archived;
  if (tab === "pending") return counts.scheduled + counts.draft + counts.in_progress;
  return countOf("undelivered", counts);
}

/** What a folder is sorted by until somebody chooses. */
export const defaultSort: Record<Folder, { sort: Sort; order: Order }> = {
  delivered: { sort: "activity", order: "desc" },
  archived: { sort: "activity", order: "desc" },
  scheduled: { sort: "due", order: "asc" },
  draft: { sort: "updated", order: "desc" },
  in_progress: { sort: "updated", order: "desc" },
  undelivered: { sort: "failed", order: "desc" },
  failed: { sort: "failed", order: "desc" },
  bounced: { sort: "failed", order: "desc" },
  spam: { sort: "failed", order: "desc" },
};

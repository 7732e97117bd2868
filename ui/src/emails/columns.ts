import type { Folder, Sort } from "../api/types";

export type ColumnId =
  | "person"
  | "name"
  | "address"
  | "company"
  | "title"
  | "subject"
  | "status"
  | "activity"
  | "last"
  | "sent"
  | "created"
  | "updated"
  | "channel"
  | "identity"
  | "when"
  | "why"
  | "reason"
  | "failed";

type Column = { size: number; min: number; sort?: Sort; end?: true };

/** Widths in pixels; one column takes what is left, but at least its `min`. */
export const columns: Record<ColumnId, Column> = {
  person: { size: 214, min: 120 },
  name: { size: 160, min: 90 },
  address: { size: 200, min: 100 },
  company: { size: 160, min: 90 },
  title: { size: 150, min: 90 },
  subject: { size: 320, min: 180 },
  status: { size: 104, min: 84 },
  activity: { size: 156, min: 156 },
  last: { size: 104, min: 84, sort: "activity", end: true },
  sent: { size: 84, min: 72, sort: "sent", end: true },
  created: { size: 92, min: 72, sort: "created", end: true },
  updated: { size: 104, min: 84, sort: "updated", end: true },
  channel: { size: 132, min: 90 },
  identity: { size: 180, min: 90 },
  when: { size: 220, min: 120, sort: "due" },
  why: { size: 268, min: 170 },
  reason: { size: 340, min: 200 },
  failed: { size: 88, min: 72, sort: "failed", end: true },
};

const always: ColumnId[] = [
  "person",
  "name",
  "address",
  "company",
  "title",
  "subject",
  "identity",
  "channel",
  "created",
  "updated",
];
const sent: ColumnId[] = [...always, "activity", "last", "sent"];
const failed: ColumnId[] = [...always, "reason", "status", "failed"];

type Defaults = { offered: ColumnId[]; shown: ColumnId[] };

const sentDefaults: Defaults = {
  offered: sent,
  shown: ["person", "subject", "activity", "last", "sent"],
};
const failedDefaults: Defaults = {
  offered: failed,
  shown: ["person", "reason", "subject", "failed"],
};

/** What each folder offers, and what it shows until somebody chooses. */
export const columnsOfFolder: Record<Folder, Defaults> = {
  delivered: sentDefaults,
  archived: sentDefaults,
  scheduled: {
    offered: [...always, "when", "why"],
    shown: ["person", "subject", "when", "why", "channel"],
  },
  draft: { offered: always, shown: ["person", "subject", "identity", "updated"] },
  in_progress: {
    offered: [...always, "status"],
    shown: ["person", "subject", "status", "channel", "updated"],
  },
  undelivered: { ...failedDefaults, shown: ["person", "reason", "subject", "status", "failed"] },
  failed: failedDefaults,
  bounced: failedDefaults,
  spam: failedDefaults,
};

/** In a narrow list, beside the details, these are drawn narrower. */
const narrowSizes: Partial<Record<ColumnId, number>> = { person: 172, when: 160, last: 76, failed: 76 };
const narrow = 820;

/** How wide a column is: as somebody drew it, or as usual for the room there is. */
export function sizeIn(width: number, drawn: Partial<Record<ColumnId, number>>, id: ColumnId): number {
  return drawn[id] ?? (width < narrow ? narrowSizes[id] : undefined) ?? columns[id].size;
}

/** What gives way first when there is little room. */
const leavingOrder: ColumnId[] = [
  "created",
  "updated",
  "identity",
  "sent",
  "address",
  "company",
  "title",
  "name",
  "channel",
  "status",
  "last",
];

/** What the list of a folder can be sorted by. */
export function sortsOf(folder: Folder): Sort[] {
  return columnsOfFolder[folder].offered
    .map((id) => columns[id].sort)
    .filter((sort): sort is Sort => sort !== undefined);
}

const sidePadding = 24;
const boxWidth = 36;

/** The columns that fit a width: others leave in a fixed order, and what the folder is about stays. */
export function fitColumns(
  shown: readonly ColumnId[],
  sizeOf: (id: ColumnId) => number,
  width: number,
): ColumnId[] {
  // Where a reason is told, the subject can be read in the details.
  const told = shown.includes("reason") || shown.includes("why");
  const leaving: ColumnId[] = told ? ["channel", "subject", ...leavingOrder] : leavingOrder;
  const fitting = [...shown];
  for (const id of leaving) {
    if (neededBy(fitting, sizeOf) <= width) return fitting;
    if (fitting.includes(id)) fitting.splice(fitting.indexOf(id), 1);
  }
  return fitting;
}

function neededBy(shown: readonly ColumnId[], sizeOf: (id: ColumnId) => number): number {
  const fluid = fluidOf(shown);
  return shown.reduce(
    (sum, id) => sum + (id === fluid ? columns[id].min : sizeOf(id)),
    sidePadding + boxWidth,
  );
}

/** The column that takes what the others leave. */
export function fluidOf(shown: readonly ColumnId[]): ColumnId | undefined {
  return (["subject", "reason", "why", "address"] as const).find((id) => shown.includes(id)) ?? shown[0];
}

/** The CSS grid of the head and of every row. */
export function templateOf(shown: readonly ColumnId[], sizeOf: (id: ColumnId) => number): string {
  const fluid = fluidOf(shown);
  const tracks = shown.map((id) => (id === fluid ? `minmax(${columns[id].min}px, 1fr)` : `${sizeOf(id)}px`));
  return [`${boxWidth}px`, ...tracks].join(" ");
}

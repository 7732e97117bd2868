import type { EmailRow } from "../api/types";
import { clockIn, daysApart } from "../times/format";
import { expectedAt } from "./words";

type Row = Pick<EmailRow, "wait" | "due_at" | "person">;

/** The zone in which a list tells when an email leaves: a time chosen for somebody far away is told in theirs, any other in `mine`. */
export function zoneTold(row: Row, now: number, mine: string): string {
  const at = expectedAt(row);
  const theirs = row.person?.time_zone ?? mine;
  if (at === null || row.wait?.reason !== "your_time") return mine;
  return clockIn(at, theirs) !== clockIn(at, mine) && daysApart(at, now, mine) > 0 ? theirs : mine;
}

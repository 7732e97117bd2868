import type { EmailRow, Folder } from "../api/types";

/**
 * Emails that something is done to. Of a folder that was chosen as a whole only some rows are here; the
 * others are known by their ids, and what has left the folder since is not touched.
 */
export type Chosen = { rows: EmailRow[]; others: readonly string[]; folder?: Folder };

export function theseRows(rows: EmailRow[]): Chosen {
  return { rows, others: [] };
}

export function idsOf({ rows, others }: Chosen): string[] {
  return [...rows.map((row) => row.id), ...others];
}

export function countOfChosen({ rows, others }: Chosen): number {
  return rows.length + others.length;
}

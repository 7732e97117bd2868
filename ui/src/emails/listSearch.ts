import type { Order, Sort } from "../api/types";

/** The part of the address after `?`. */
export type ListSearch = { sort?: Sort; order?: Order; email?: string };

const sorts: readonly string[] = ["activity", "sent", "created", "updated", "due", "failed"] satisfies Sort[];

/** Reads an address that anybody may have typed; what makes no sense is left out. */
export function readSearch(search: Record<string, unknown>): ListSearch {
  const { sort, order, email } = search;
  return {
    ...(typeof sort === "string" && sorts.includes(sort) ? { sort: sort as Sort } : {}),
    ...(order === "asc" || order === "desc" ? { order } : {}),
    ...(typeof email === "string" && email !== "" ? { email } : {}),
  };
}

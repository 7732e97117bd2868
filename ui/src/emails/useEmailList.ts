import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { EmailRow, Folder } from "../api/types";
import { type ListOrder, listQuery } from "./api";
import { useMended } from "./mending";

/** The rows of a folder that are loaded, each once, though a row may move between pages as they load. */
export function useEmailList(folder: Folder, sorted: ListOrder) {
  const query = useInfiniteQuery({
    ...listQuery(folder, sorted),
    // Another order of the same folder: the old rows stay until the new ones are here.
    placeholderData: (previous, previousQuery) =>
      previousQuery?.queryKey[2] === folder ? keepPreviousData(previous) : undefined,
  });
  const latest = useMemo(() => {
    const seen = new Map<string, EmailRow>();
    for (const page of query.data?.pages ?? []) for (const row of page.items) seen.set(row.id, row);
    return [...seen.values()];
  }, [query.data]);
  return { query, latest: useMended(latest) };
}

import { useNavigate } from "@tanstack/react-router";
import type { Folder } from "../api/types";
import type { ListOrder } from "./api";
import { defaultSort } from "./folders";
import { changeLayout, useLayout } from "./layout";
import type { ListSearch } from "./listSearch";

/** The order of the list: from the address, or as it was last chosen, or as usual. */
export function useSettledOrder(
  folder: Folder,
  search: ListSearch,
): [ListOrder, (sorted: ListOrder) => void] {
  const navigate = useNavigate();
  const { sorted: kept } = useLayout(folder);
  const usual = kept ?? defaultSort[folder];
  const sorted = { sort: search.sort ?? usual.sort, order: search.order ?? usual.order };
  const choose = (next: ListOrder): void => {
    changeLayout(folder, { sorted: next });
    void navigate({
      to: "/emails/$folder",
      params: { folder },
      search: { ...search, ...next },
      replace: true,
    });
  };
  return [sorted, choose];
}

import { useNavigate } from "@tanstack/react-router";
import type { Folder } from "../api/types";
import type { ListOrder } from "./api";
import { sortsOf } from "./columns";
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
  // An address may ask for an order that this folder does not have.
  const asked = search.sort !== undefined && sortsOf(folder).includes(search.sort) ? search.sort : usual.sort;
  const sorted = { sort: asked, order: search.order ?? usual.order };
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

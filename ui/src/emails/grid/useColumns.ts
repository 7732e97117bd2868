import {
  type ColumnSizingState,
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  type Header,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { EmailRow, Folder } from "../../api/types";
import { type ColumnId, columns, fitColumns, sizeIn, templateOf } from "../columns";
import { changeLayout, useLayout } from "../layout";

const features = tableFeatures({
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
});

export type ColumnHeader = Header<typeof features, EmailRow, unknown>;

const none: EmailRow[] = [];

/** The columns of a folder as they were chosen, as far as they fit the width. */
export function useColumns(folder: Folder, width: number) {
  const layout = useLayout(folder);
  const sizeOf = (id: ColumnId): number => sizeIn(width, layout.sizes, id);
  const chosen = layout.order.filter((id) => layout.shown.includes(id));
  const fits = fitColumns(chosen, sizeOf, width).join(" ");
  // The same array for the same columns, so that rows need not be drawn again.
  const fitting = useMemo(() => fits.split(" ") as ColumnId[], [fits]);

  const definitions = useMemo(
    () =>
      layout.order.map((id) => ({ id, size: sizeIn(width, {}, id), minSize: columns[id].min, maxSize: 640 })),
    [layout.order, width],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: none,
    columnResizeMode: "onChange",
    state: {
      columnOrder: layout.order,
      columnVisibility: Object.fromEntries(layout.order.map((id) => [id, fitting.includes(id)])),
      columnSizing: layout.sizes as ColumnSizingState,
    },
    onColumnSizingChange: (change) =>
      changeLayout(folder, {
        sizes: typeof change === "function" ? change(layout.sizes as ColumnSizingState) : change,
      }),
  });

  return {
    headers: table.getHeaderGroups()[0]?.headers ?? [],
    shown: fitting,
    template: templateOf(fitting, sizeOf),
    compact: layout.compact,
  };
}

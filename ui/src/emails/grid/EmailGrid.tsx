import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow, Folder } from "../../api/types";
import type { ActionKind } from "../actionKinds";
import type { ListOrder } from "../api";
import { howMany, type Selection } from "../selection";
import type { Moved } from "../useChoice";
import type { CellContext } from "./cells";
import classes from "./Grid.module.css";
import { GridHead } from "./GridHead";
import { GridRow } from "./GridRow";
import { MobileRow } from "./MobileRow";
import { useColumns } from "./useColumns";
import type { useFollowsHand } from "./useFollowsHand";

export type GridProps = {
  folder: Folder;
  rows: EmailRow[];
  /** How many emails the folder holds, loaded or not. */
  total: number;
  gone: ReadonlySet<string>;
  context: CellContext;
  sorted: ListOrder;
  onSort: (sorted: ListOrder) => void;
  selection: Selection;
  onCheck: (row: EmailRow, extend: boolean) => void;
  onCheckAll: () => void;
  cursor: string | null;
  moved: Moved;
  phone: boolean;
  onOpen: (row: EmailRow) => void;
  onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null;
  onNearEnd: () => void;
  hand: ReturnType<typeof useFollowsHand>["handlers"];
  end: ReactNode;
};

const headHeight = 30;

/** The virtualised list. Only what is in sight is in the page, but every row says its place. */
export function EmailGrid(props: GridProps) {
  const { folder, rows, total, selection, cursor, phone } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const size = useElementSize<HTMLDivElement>();
  const setScroller = useMergedRef(scroller, size.ref);
  const { headers, shown, template, compact } = useColumns(folder, size.width || 1200);
  const rowHeight = phone ? 76 : compact ? 36 : 48;

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    scrollMargin: phone ? 0 : headHeight,
    scrollPaddingStart: phone ? 0 : headHeight,
  });
  useRemeasure(virtual, rowHeight);
  useCursorInSight(props, scroller, (index) => virtual.scrollToIndex(index, { align: "auto" }));

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { onNearEnd } = props;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) onNearEnd();
  }, [last, rows.length, onNearEnd]);

  const tabStop = cursor !== null && rows.some((row) => row.id === cursor) ? cursor : rows[0]?.id;
  const Row = phone ? MobileRow : GridRow;

  return (
    <div
      role="grid"
      aria-label={t("emails.list", { folder: t(`emails.folders.${folder}`) })}
      aria-rowcount={total + 1}
      aria-colcount={phone ? 1 : shown.length + 1}
      aria-multiselectable="true"
      ref={setScroller}
      className={classes.scroller}
      data-selecting={selection.ids.size > 0 || undefined}
      data-compact={compact && !phone ? "" : undefined}
      style={{ "--columns": template } as React.CSSProperties}
      tabIndex={-1}
      {...props.hand}
    >
      {!phone && (
        <GridHead
          headers={headers}
          sorted={props.sorted}
          onSort={props.onSort}
          checked={howMany(selection, total)}
          onCheckAll={props.onCheckAll}
        />
      )}
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <Row
              key={row.id}
              row={row}
              index={item.index + 2}
              top={item.start - virtual.options.scrollMargin}
              height={rowHeight}
              shown={shown}
              context={props.context}
              checked={selection.ids.has(row.id)}
              cursor={row.id === cursor}
              tabbable={row.id === tabStop}
              gone={props.gone.has(row.id)}
              onOpen={props.onOpen}
              onCheck={props.onCheck}
              onAct={props.onAct}
            />
          );
        })}
      </div>
      {props.end}
    </div>
  );
}

/** Row heights change between one and two lines, and between a phone and a desk. */
function useRemeasure(virtual: { measure: () => void }, rowHeight: number): void {
  const measured = useRef(rowHeight);
  useEffect(() => {
    if (measured.current === rowHeight) return;
    measured.current = rowHeight;
    virtual.measure();
  }, [virtual, rowHeight]);
}

/** Brings the row that the keyboard went to into sight and gives it the focus. */
function useCursorInSight(
  { rows, moved }: GridProps,
  scroller: React.RefObject<HTMLDivElement | null>,
  scrollTo: (index: number) => void,
): void {
  const seen = useRef(moved.count);
  useEffect(() => {
    if (seen.current === moved.count) return;
    seen.current = moved.count;
    const index = rows.findIndex((row) => row.id === moved.id);
    if (index < 0) return;
    scrollTo(index);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-id="${moved.id}"]`)?.focus({ preventScroll: true }),
    );
  });
}

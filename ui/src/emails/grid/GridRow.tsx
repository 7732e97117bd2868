import { Checkbox } from "@mantine/core";
import { type MouseEvent, memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../../api/types";
import type { ActionKind } from "../actionKinds";
import { type ColumnId, columns } from "../columns";
import { nameOf } from "../words";
import { type CellContext, cells } from "./cells";
import classes from "./Grid.module.css";
import { QuickActions } from "./QuickActions";

type Props = {
  row: EmailRow;
  /** One-based, with the head as the first row. */
  index: number;
  /** Where the row stands in the list, and how high it is, in pixels. */
  top: number;
  height: number;
  shown: ColumnId[];
  context: CellContext;
  checked: boolean;
  cursor: boolean;
  tabbable: boolean;
  gone: boolean;
  onOpen: (row: EmailRow) => void;
  onCheck: (row: EmailRow, extend: boolean) => void;
  onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null;
};

/** One email in the grid. */
export const GridRow = memo(function GridRow(props: Props) {
  const { row, index, top, height, shown, context, checked, cursor, tabbable, gone, onOpen, onCheck, onAct } =
    props;
  const { t } = useTranslation();
  const [hovered, setHovered] = useState(false);

  const onClick = (event: MouseEvent): void => {
    if (event.shiftKey || event.metaKey || event.ctrlKey) onCheck(row, event.shiftKey);
    else onOpen(row);
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the grid are commands
    <div
      role="row"
      aria-rowindex={index}
      aria-selected={checked}
      tabIndex={tabbable ? 0 : -1}
      data-id={row.id}
      data-checked={checked || undefined}
      data-cursor={cursor || undefined}
      data-new={row.unseen || undefined}
      data-gone={gone || undefined}
      title={gone ? t("emails.gone") : undefined}
      className={classes.row}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={onClick}
      onMouseEnter={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: X checks the row */}
      <div
        role="gridcell"
        tabIndex={-1}
        className={classes.box}
        onClick={(event) => {
          event.stopPropagation();
          // The default is not prevented: the browser would take the tick back that was just made.
          onCheck(row, event.shiftKey);
        }}
      >
        <Checkbox
          tabIndex={-1}
          checked={checked}
          readOnly
          aria-label={t("emails.select", { name: nameOf(row) })}
        />
      </div>
      {shown.map((id) => (
        <div key={id} role="gridcell" tabIndex={-1} className={classes.cell} data-end={columns[id].end}>
          {cells[id](row, context)}
        </div>
      ))}
      {hovered && onAct && !gone && <QuickActions row={row} onAct={onAct} />}
    </div>
  );
});

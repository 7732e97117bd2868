import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ListOrder } from "../api";
import { type ColumnId, columns, fluidOf } from "../columns";
import classes from "./Grid.module.css";
import type { ColumnHeader } from "./useColumns";

type Props = {
  headers: ColumnHeader[];
  sorted: ListOrder;
  onSort: (sorted: ListOrder) => void;
  checked: "all" | "some" | "none";
  onCheckAll: () => void;
};

/** The names of the columns: a click sorts, the edge drags the width. */
export function GridHead({ headers, sorted, onSort, checked, onCheckAll }: Props) {
  const { t } = useTranslation();
  const fluid = fluidOf(headers.map((header) => header.column.id as ColumnId));
  return (
    <div role="row" aria-rowindex={1} className={classes.head}>
      <div role="columnheader" className={classes.box} data-always="">
        <Checkbox
          checked={checked === "all"}
          indeterminate={checked === "some"}
          onChange={onCheckAll}
          aria-label={t("emails.selectAll")}
        />
      </div>
      {headers.map((header) => (
        <HeadCell
          key={header.id}
          header={header}
          fluid={header.column.id === fluid}
          sorted={sorted}
          onSort={onSort}
        />
      ))}
    </div>
  );
}

type CellProps = {
  header: ColumnHeader;
  fluid: boolean;
  sorted: ListOrder;
  onSort: (sorted: ListOrder) => void;
};

function HeadCell({ header, fluid, sorted, onSort }: CellProps) {
  const { t } = useTranslation();
  const id = header.column.id as ColumnId;
  const { sort, end } = columns[id];
  const name = t(
    id === "last" && header.getSize() < 90 ? "emails.columns.lastShort" : `emails.columns.${id}`,
  );
  const isSorted = sort === sorted.sort;
  const Arrow = sorted.order === "asc" ? IconArrowUp : IconArrowDown;
  return (
    <div
      role="columnheader"
      className={classes.headCell}
      data-end={end}
      data-sorted={isSorted || undefined}
      aria-sort={isSorted ? (sorted.order === "asc" ? "ascending" : "descending") : undefined}
    >
      {sort ? (
        <button
          type="button"
          className={classes.sort}
          title={t("emails.columns.sortBy", { column: name })}
          onClick={() => onSort({ sort, order: isSorted && sorted.order === "desc" ? "asc" : "desc" })}
        >
          <span className="qd-truncate">{name}</span>
          {isSorted && <Arrow size={14} stroke={1.8} />}
        </button>
      ) : (
        <span className="qd-truncate">{name}</span>
      )}
      {!fluid && (
        // biome-ignore lint/a11y/noStaticElementInteractions: a handle for the pointer; widths are a convenience
        <span
          className={classes.edge}
          title={t("emails.columns.width", { column: name })}
          onMouseDown={header.getResizeHandler()}
          onTouchStart={header.getResizeHandler()}
          onDoubleClick={() => header.column.resetSize()}
        />
      )}
    </div>
  );
}

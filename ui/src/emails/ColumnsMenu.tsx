import { ActionIcon, Button, Checkbox, Popover, SegmentedControl } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconLayoutColumns } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/types";
import classes from "./ColumnsMenu.module.css";
import type { ColumnId } from "./columns";
import { changeLayout, moveColumn, useLayout, usualLayout } from "./layout";

/** Which columns a folder shows, in which order, on one line or two. */
export function ColumnsMenu({ folder }: { folder: Folder }) {
  const { t } = useTranslation();
  const { order, shown, compact } = useLayout(folder);

  const toggle = (id: ColumnId): void =>
    changeLayout(folder, {
      shown: shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id],
    });

  return (
    <Popover position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <Button size="xs" variant="subtle" color="gray" leftSection={<IconLayoutColumns stroke={1.6} />}>
          {t("emails.columns.menu")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <SegmentedControl
          fullWidth
          size="xs"
          value={compact ? "compact" : "comfortable"}
          onChange={(value) => changeLayout(folder, { compact: value === "compact" })}
          data={[
            { value: "comfortable", label: t("emails.columns.comfortable") },
            { value: "compact", label: t("emails.columns.compact") },
          ]}
        />
        <ul className={classes.list}>
          {order.map((id, place) => (
            <li key={id} className={classes.column}>
              <Checkbox
                checked={shown.includes(id)}
                disabled={id === "person" || (shown.length === 1 && shown.includes(id))}
                label={t(`emails.columns.${id}`)}
                onChange={() => toggle(id)}
              />
              <span className={classes.arrows}>
                <ActionIcon
                  size={24}
                  disabled={place === 0}
                  aria-label={t("emails.columns.up", { column: t(`emails.columns.${id}`) })}
                  onClick={() => changeLayout(folder, { order: moveColumn(order, id, -1) })}
                >
                  <IconChevronUp size={14} stroke={1.8} />
                </ActionIcon>
                <ActionIcon
                  size={24}
                  disabled={place === order.length - 1}
                  aria-label={t("emails.columns.down", { column: t(`emails.columns.${id}`) })}
                  onClick={() => changeLayout(folder, { order: moveColumn(order, id, 1) })}
                >
                  <IconChevronDown size={14} stroke={1.8} />
                </ActionIcon>
              </span>
            </li>
          ))}
        </ul>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          onClick={() => changeLayout(folder, { ...usualLayout(folder), compact })}
        >
          {t("emails.columns.reset")}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

import { Button, Menu } from "@mantine/core";
import { IconArrowsSort, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/types";
import type { ListOrder } from "./api";
import { sortsOf } from "./columns";

type Props = { folder: Folder; sorted: ListOrder; onSort: (sorted: ListOrder) => void };

/** What the list is sorted by, also for columns that are not on screen. */
export function SortMenu({ folder, sorted, onSort }: Props) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button size="xs" variant="subtle" color="gray" leftSection={<IconArrowsSort stroke={1.6} />}>
          {t(`emails.sorts.${sorted.sort}`)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {sortsOf(folder).map((sort) => (
          <Menu.Item
            key={sort}
            rightSection={sort === sorted.sort && <IconCheck size={14} />}
            onClick={() => onSort({ ...sorted, sort })}
          >
            {t(`emails.sorts.${sort}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {(["desc", "asc"] as const).map((order) => (
          <Menu.Item
            key={order}
            rightSection={order === sorted.order && <IconCheck size={14} />}
            onClick={() => onSort({ ...sorted, order })}
          >
            {t(order === "asc" ? "emails.ascending" : "emails.descending")}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

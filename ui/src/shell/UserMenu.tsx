import { Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "../people/Avatar";
import { useSession } from "../session/session";
import { clockIn } from "../times/format";
import { useNow } from "../times/now";
import classes from "./UserMenu.module.css";
import { UserMenuItems } from "./UserMenuItems";

/** Who is signed in, at the foot of the navigation. */
export function UserMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
  const now = useNow(30_000);
  return (
    <Menu position="top-start" width={232}>
      <Menu.Target>
        <button type="button" className={classes.me} title={t("shell.account")}>
          <Avatar name={user.name} address={user.email} size={24} />
          <span className={classes.words}>
            <span className={classes.name}>{user.name}</span>
            <small className="qd-figures">
              {user.time_zone} · {clockIn(now, user.time_zone)}
            </small>
          </span>
          <IconDots size={16} stroke={1.6} className={classes.dots} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <UserMenuItems />
      </Menu.Dropdown>
    </Menu>
  );
}

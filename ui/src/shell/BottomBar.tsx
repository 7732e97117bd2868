import { Menu } from "@mantine/core";
import { IconDots, IconMail, IconSettings } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./BottomBar.module.css";
import { UserMenuItems } from "./UserMenuItems";

/** The navigation of a phone. */
export function BottomBar() {
  const { t } = useTranslation();
  return (
    <nav className={classes.bar} aria-label={t("shell.mainNavigation")}>
      <Link to="/emails" className={classes.place} activeProps={{ "data-on": "" }}>
        <IconMail size={22} stroke={1.6} />
        {t("shell.emails")}
      </Link>
      <Link to="/settings" className={classes.place} activeProps={{ "data-on": "" }}>
        <IconSettings size={22} stroke={1.6} />
        {t("shell.settings")}
      </Link>
      <Menu position="top-end" width={240}>
        <Menu.Target>
          <button type="button" className={classes.place}>
            <IconDots size={22} stroke={1.6} />
            {t("shell.more")}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <UserMenuItems />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}

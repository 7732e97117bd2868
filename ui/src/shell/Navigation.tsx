import { IconLayoutDashboard, IconSearch, IconSettings } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { showDialog } from "../commands/dialogs";
import { Keys } from "../commands/Keys";
import { FeedLink } from "../feed/FeedLink";
import { useSession } from "../session/session";
import { ChannelMeters } from "./ChannelMeters";
import { Mark } from "./Mark";
import classes from "./Navigation.module.css";
import { UserMenu } from "./UserMenu";

/** The column at the left; 56 px of icons on a narrower screen. */
export function Navigation() {
  const { t } = useTranslation();
  const { workspace } = useSession();
  return (
    <nav className={classes.nav} aria-label={t("shell.mainNavigation")}>
      <div className={classes.workspace}>
        <Mark />
        <div className={classes.name}>
          <div className="qd-truncate">{workspace.name}</div>
          <small>{t("shell.product")}</small>
        </div>
      </div>
      <button type="button" className={classes.find} onClick={() => showDialog("palette")}>
        <IconSearch size={15} stroke={1.6} />
        <span className={classes.label}>{t("shell.findOrDo")}</span>
        <span className={classes.keys}>
          <Keys of="mod+k" />
        </span>
      </button>
      <Link
        to="/emails"
        className={classes.place}
        activeProps={{ "data-within": "" }}
        title={t("shell.commandCenter")}
      >
        <IconLayoutDashboard size={17} stroke={1.6} />
        <span className={classes.label}>{t("shell.commandCenter")}</span>
      </Link>
      <div className={classes.tree}>
        <Link to="/emails" className={classes.place} data-sub="" activeProps={{ "data-on": "" }}>
          <span className={classes.label}>{t("shell.emails")}</span>
        </Link>
        <FeedLink />
      </div>
      <Link
        to="/settings"
        className={classes.place}
        activeProps={{ "data-on": "" }}
        title={t("shell.settings")}
      >
        <IconSettings size={17} stroke={1.6} />
        <span className={classes.label}>{t("shell.settings")}</span>
      </Link>
      <div className={classes.bottom}>
        <ChannelMeters />
        <UserMenu />
      </div>
    </nav>
  );
}

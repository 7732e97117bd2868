import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/types";
import { countsQuery } from "./api";
import { Count } from "./Count";
import classes from "./FolderTabs.module.css";
import { countOf, foldersBeside, type Tab, tabCount, tabOf, tabs } from "./folders";

/** Where a tab leads: to its first folder. */
export function firstFolder(tab: Tab): Folder {
  return tabs.find((candidate) => candidate.tab === tab)?.folders[0] ?? "delivered";
}

/** Sent, Pending, Undelivered, with live counts. */
export function FolderTabs({ folder, children }: { folder: Folder; children: ReactNode }) {
  const { t } = useTranslation();
  const { data: counts } = useQuery(countsQuery);
  const current = tabOf(folder);
  return (
    <div className={classes.tabs}>
      <nav className={classes.list} aria-label={t("emails.title")}>
        {tabs.map(({ tab }) => (
          <Link
            key={tab}
            to="/emails/$folder"
            params={{ folder: firstFolder(tab) }}
            className={classes.tab}
            data-on={tab === current || undefined}
            aria-current={tab === current ? "page" : undefined}
          >
            {t(`emails.tabs.${tab}`)}
            <Count value={counts && tabCount(tab, counts)} />
            {tab === "undelivered" && tab !== current && counts && tabCount(tab, counts) > 0 && (
              <i className={classes.new} />
            )}
          </Link>
        ))}
      </nav>
      <div className={classes.right}>{children}</div>
    </div>
  );
}

/** The folders of the tab, and at the right what concerns the list. */
export function FolderBar({ folder, children }: { folder: Folder; children: ReactNode }) {
  const { t } = useTranslation();
  const { data: counts } = useQuery(countsQuery);
  return (
    <div className={classes.bar}>
      <nav className={classes.folders} aria-label={t("emails.foldersLabel")}>
        {foldersBeside(folder).map((other) => (
          <Link
            key={other}
            to="/emails/$folder"
            params={{ folder: other }}
            className={classes.folder}
            data-on={other === folder || undefined}
            aria-current={other === folder ? "page" : undefined}
          >
            {t(`emails.folders.${other}`)}
            <Count value={counts && countOf(other, counts)} />
            {other === "in_progress" && counts !== undefined && counts.uncertain > 0 && (
              <span className={classes.uncertain} title={t("emails.statuses.uncertain")}>
                {counts.uncertain}
              </span>
            )}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  );
}

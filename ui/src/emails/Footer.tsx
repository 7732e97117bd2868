import { useTranslation } from "react-i18next";
import type { EmailRow, Folder } from "../api/types";
import { Keys } from "../commands/Keys";
import { cityOf } from "../times/format";
import { type ActionKind, actionKeys, bestRemedy } from "./actionKinds";
import classes from "./Footer.module.css";
import { tabOf } from "./folders";

type Props = {
  folder: Folder;
  /** The email under the cursor. */
  current: EmailRow | undefined;
  loaded: number;
  total: number;
  timeZone: string;
  panelOpen: boolean;
};

const kindOfFolder: Record<Folder, ActionKind> = {
  delivered: "archive",
  archived: "unarchive",
  scheduled: "send_now",
  draft: "delete",
  in_progress: "follow_up",
  undelivered: "retry",
  failed: "retry",
  bounced: "retry",
  spam: "delete",
};

/** How much of the list is here, and the five keys that matter. */
export function Footer({ folder, current, loaded, total, timeZone, panelOpen }: Props) {
  const { t } = useTranslation();
  const count =
    loaded < total
      ? t("emails.footer.loaded", { loaded: loaded.toLocaleString(), total: total.toLocaleString() })
      : t("emails.footer.all", { count: total });
  const zone = tabOf(folder) === "pending" ? ` · ${t("emails.footer.zone", { city: cityOf(timeZone) })}` : "";
  const kind = keyed(folder, current);
  return (
    <footer className={classes.footer}>
      <span>
        {count}
        {zone}
      </span>
      <span className={classes.keys}>
        <span>
          <Keys of="j" />
          <Keys of="k" />
          {t(panelOpen ? "emails.footer.next" : "emails.footer.move")}
        </span>
        {panelOpen ? null : (
          <>
            <span>
              <Keys of="x" />
              {t("emails.footer.select")}
            </span>
            <span>
              <Keys of="enter" />
              {t(folder === "draft" ? "emails.footer.edit" : "emails.footer.open")}
            </span>
          </>
        )}
        {folder !== "in_progress" && (
          <span>
            <Keys of={actionKeys[kind]} />
            {t(`emails.actions.${kind}`).toLowerCase()}
          </span>
        )}
        {panelOpen ? (
          <span>
            <Keys of="escape" />
            {t("emails.footer.close")}
          </span>
        ) : (
          <span>
            <Keys of="?" />
            {t("emails.footer.allKeys")}
          </span>
        )}
      </span>
    </footer>
  );
}

/** The one action whose key is shown: what helps the email under the cursor, or what a folder is mostly for. */
function keyed(folder: Folder, current: EmailRow | undefined): ActionKind {
  const usual = kindOfFolder[folder];
  if (usual !== "retry" || current === undefined) return usual;
  return bestRemedy(current) ?? "delete";
}

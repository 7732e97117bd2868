import { useTranslation } from "react-i18next";
import type { Warning } from "../api/types";
import { useSession } from "../session/session";
import { Note } from "./rows/Note";
import classes from "./rows/Rows.module.css";

const worstFirst: Warning[] = [
  "tracking_url_loopback",
  "public_url_loopback",
  "tracking_url_not_https",
  "public_url_not_https",
];

/** The worst of what will keep views and clicks from being seen. */
export function TrackingWarnings() {
  const { t } = useTranslation();
  const { warnings } = useSession();
  const worst = worstFirst.find((warning) => warnings.includes(warning));
  return worst ? <Note text={t(`compose.warnings.${worst}` as never)} /> : null;
}

/** What was taken out of the words because it could do harm. */
export function RemovedNote({ kinds, onDismiss }: { kinds: string[]; onDismiss: () => void }) {
  const { t, i18n } = useTranslation();
  if (kinds.length === 0) return null;
  const names = kinds.map((kind) => {
    const key = `compose.removed.kinds.${kind}`;
    return String(i18n.exists(key) ? t(key as never) : t("compose.removed.other"));
  });
  const list = new Intl.ListFormat(i18n.language).format([...new Set(names)]);
  return (
    <Note text={t("compose.removed.note", { list })}>
      <button type="button" className={classes.act} onClick={onDismiss}>
        {t("compose.removed.dismiss")}
      </button>
    </Note>
  );
}

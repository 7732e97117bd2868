import { ActionIcon, Loader } from "@mantine/core";
import { IconAlertTriangle, IconPaperclip, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { sayError } from "../../toasts/toasts";
import { formatBytes } from "../size";
import classes from "./AttachmentList.module.css";
import type { Attachments } from "./useAttachments";

/** The files that go with the email, those on their way, and those that cannot go, with the reason. */
export function AttachmentList({ attachments }: { attachments: Attachments }) {
  const { t, i18n } = useTranslation();
  const { attached, pending, limit, total } = attachments;
  const size = (bytes: number) => formatBytes(bytes, i18n.language);
  if (attached.length + pending.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={t("compose.attachments.title")}>
      {attached.map(({ id, name, size: bytes }) => (
        <li key={id} className={classes.file}>
          <IconPaperclip size={14} stroke={1.6} />
          <span className="qd-truncate">{name}</span>
          <small className="qd-figures">{size(bytes)}</small>
          <ActionIcon
            size={22}
            aria-label={t("compose.attachments.remove", { name })}
            onClick={() => void attachments.remove(id).catch(sayError)}
          >
            <IconX size={13} stroke={1.8} />
          </ActionIcon>
        </li>
      ))}
      {pending.map(({ key, name, problem }) => (
        <li key={key} className={classes.file} data-problem={problem !== null || undefined}>
          {problem === null ? <Loader size={12} /> : <IconAlertTriangle size={14} stroke={1.6} />}
          <span className="qd-truncate">{name}</span>
          <small role={problem === null ? undefined : "alert"}>
            {problem ?? t("compose.attachments.uploading")}
          </small>
          {problem !== null && (
            <ActionIcon
              size={22}
              color="coral"
              aria-label={t("compose.attachments.dismiss", { name })}
              onClick={() => attachments.dismiss(key)}
            >
              <IconX size={13} stroke={1.8} />
            </ActionIcon>
          )}
        </li>
      ))}
      {total > limit / 2 && (
        <li className={classes.total}>
          {t("compose.attachments.total", { size: size(total), limit: size(limit) })}
        </li>
      )}
    </ul>
  );
}

import { IconPaperclip } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import classes from "./Details.module.css";

/** The files of an email, to be kept. */
export function Attachments({ email }: { email: Pick<EmailDetails, "id" | "attachments"> }) {
  const { t } = useTranslation();
  if (email.attachments.length === 0) return null;
  return (
    <ul className={classes.attachments} aria-label={t("emails.details.attachments")}>
      {email.attachments.map((attachment) => (
        <li key={attachment.id}>
          <a href={`/api/v1/emails/${email.id}/attachments/${attachment.id}`} download={attachment.name}>
            <IconPaperclip size={14} stroke={1.6} />
            <span className="qd-truncate">{attachment.name}</span>
            <small>{sizeOf(attachment.size)}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}

function sizeOf(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.ceil(kilobytes)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

import { Button, useMantineColorScheme } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import { momentOf } from "../../times/format";
import { messageQuery, previewQuery } from "../api";
import { subjectOf } from "../words";
import classes from "./Details.module.css";
import { framed } from "./frame";

type Props = { email: EmailDetails; now: number; timeZone: string };

const folded = 176;

/** The message as it was sent, or as it would be now. */
export function MessageCard({ email, now, timeZone }: Props) {
  const { t } = useTranslation();
  const wasSent = email.sent_at !== null;
  const message = useQuery({ ...messageQuery(email.id), enabled: wasSent });
  const preview = useQuery({ ...previewQuery(email.id), enabled: !wasSent });
  const { data: shown, isError } = wasSent ? message : preview;
  const from = message.data?.from ?? email.identity;
  return (
    <div className={classes.section}>
      <h3 className={classes.title}>
        {t(titleOf(email))}
        {email.sent_at && (
          <span className={classes.aside}>{momentOf(Date.parse(email.sent_at), now, timeZone)}</span>
        )}
      </h3>
      <div className={classes.card}>
        <div className={classes.cardHead}>
          <b>{shown?.subject || subjectOf(email)}</b>
          {from &&
            t("emails.details.fromTo", {
              from: from.name || from.address,
              to: email.to_address ?? t("emails.nobody"),
            })}
        </div>
        {isError ? (
          <p className={classes.cardNote}>{t("emails.details.messageDidNotLoad")}</p>
        ) : (
          shown && <MessageFrame html={shown.html} />
        )}
        {email.attachments.length > 0 && (
          <ul className={classes.attachments} aria-label={t("emails.details.attachments")}>
            {email.attachments.map((attachment) => (
              <li key={attachment.id}>
                <a
                  href={`/api/v1/emails/${email.id}/attachments/${attachment.id}`}
                  download={attachment.name}
                >
                  <IconPaperclip size={14} stroke={1.6} />
                  <span className="qd-truncate">{attachment.name}</span>
                  <small>{sizeOf(attachment.size)}</small>
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function titleOf({ sent_at, status }: EmailDetails) {
  if (sent_at !== null) return "emails.details.message";
  return status === "scheduled" ? "emails.details.messageToCome" : "emails.details.messageNotSent";
}

/** Somebody's HTML in a frame that runs no scripts; its height is read from outside. */
function MessageFrame({ html }: { html: string }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(folded);
  const [whole, setWhole] = useState(false);
  const { colorScheme } = useMantineColorScheme();
  const long = height > folded;
  return (
    <div className={classes.message} style={{ height: whole || !long ? height : folded }}>
      <iframe
        key={colorScheme}
        ref={frame}
        title={t("emails.details.frame")}
        // Same origin lets the page measure the frame; without scripts it lets the message do nothing.
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        srcDoc={framed(html, getComputedStyle(document.documentElement))}
        style={{ height }}
        onLoad={() => setHeight(frame.current?.contentDocument?.body.offsetHeight ?? folded)}
      />
      {long && (
        <div className={classes.fade} data-whole={whole || undefined}>
          <Button size="xs" variant="default" onClick={() => setWhole(!whole)}>
            {t(whole ? "emails.details.showLess" : "emails.details.showWhole")}
          </Button>
        </div>
      )}
    </div>
  );
}

function sizeOf(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.ceil(kilobytes)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

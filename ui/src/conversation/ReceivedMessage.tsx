import { Button } from "@mantine/core";
import { IconCornerUpLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Received } from "../api/types";
import { openCompose } from "../compose/open";
import details from "../emails/details/Details.module.css";
import { MessageFrame } from "../emails/details/MessageFrame";
import { receivedQuery } from "./api";
import classes from "./Conversation.module.css";
import { sayAway, sayWay } from "./words";

type Props = { received: Received; now: number; readOnly: boolean };

/** A message that somebody wrote, or a program in their name. */
export function ReceivedMessage({ received, now, readOnly }: Props) {
  const { t } = useTranslation();
  const { data, isError } = useQuery(receivedQuery(received.id));
  const name = received.from.name || received.from.address;
  const from = received.from.name
    ? `${received.from.name} <${received.from.address}>`
    : received.from.address;
  const facts = [sayAway(received, now), sayWay(received)].filter(Boolean).join(" · ");
  return (
    <div className={details.card}>
      <div className={details.cardHead}>
        <b>{received.subject || t("emails.noSubject")}</b>
        {t("conversation.from", { from })}
        <div>{facts}</div>
      </div>
      {isError && <p className={details.cardNote}>{t("conversation.messageDidNotLoad")}</p>}
      {data?.html === "" && <p className={details.cardNote}>{t("conversation.empty")}</p>}
      {data && data.html !== "" && (
        <MessageFrame
          html={data.html}
          newlyWritten={data.newly_written}
          title={t("conversation.frame", { name })}
        />
      )}
      {!readOnly && received.from.address !== "" && (
        <div className={classes.actions}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCornerUpLeft size={14} stroke={1.6} />}
            onClick={() => openCompose({ kind: "reply", to: { received: received.id } })}
          >
            {t("conversation.reply")}
          </Button>
        </div>
      )}
    </div>
  );
}

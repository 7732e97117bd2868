import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../api/types";
import details from "../emails/details/Details.module.css";
import { MessageCard } from "../emails/details/MessageCard";
import { conversationQuery } from "./api";
import classes from "./Conversation.module.css";
import { Part } from "./Part";
import { inOrder, isConversation, openAtFirst } from "./parts";

type Props = {
  email: EmailDetails;
  personId: string;
  now: number;
  timeZone: string;
  readOnly: boolean;
  /** A part that somebody asked to read, and how often anybody did. */
  asked: { id: string; times: number } | null;
};

/**
 * Everything that was sent to the person and came back, the newest last. Until there is more than the one email, it is shown as
 * a message alone.
 */
export function Conversation({ email, personId, now, timeZone, readOnly, asked }: Props) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(conversationQuery(personId));
  const parts = useMemo(() => inOrder(query.data?.pages ?? []), [query.data]);
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const atFirst = useMemo(() => openAtFirst(parts, email.id), [parts, email.id]);
  const list = useRef<HTMLOListElement>(null);

  useEffect(() => {
    if (asked === null) return;
    setChosen((known) => new Map(known).set(asked.id, true));
    const part = list.current?.querySelector<HTMLElement>(`[data-part="${asked.id}"] button`);
    part?.scrollIntoView({ block: "center" });
    part?.focus();
  }, [asked]);

  const alone = <MessageCard email={email} now={now} timeZone={timeZone} />;
  if (query.isPending) return null;
  if (query.isError && parts.length === 0)
    return (
      <>
        {alone}
        <p className={classes.note}>{t("conversation.didNotLoad")}</p>
      </>
    );
  if (!isConversation(parts, email.id)) return alone;
  const written = parts.filter(({ sent, received }) => sent || received?.readable).length;

  return (
    <>
      {email.sent_at === null && alone}
      <div className={details.section}>
        <h3 className={details.title}>
          {t("conversation.title")}
          <span className={details.aside}>{t("conversation.messages", { count: written })}</span>
        </h3>
        {query.hasNextPage && (
          <button
            type="button"
            className={details.link}
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("conversation.earlier")}
          </button>
        )}
        <ol ref={list} className={classes.parts}>
          {parts.map((part) => (
            <Part
              key={part.id}
              part={part}
              email={email}
              open={chosen.get(part.id) ?? atFirst.has(part.id)}
              onToggle={(open) => setChosen((known) => new Map(known).set(part.id, open))}
              now={now}
              timeZone={timeZone}
              readOnly={readOnly}
            />
          ))}
        </ol>
      </div>
    </>
  );
}

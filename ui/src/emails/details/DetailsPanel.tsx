import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../api/problem";
import type { EmailDetails, EmailRow } from "../../api/types";
import { Conversation } from "../../conversation/Conversation";
import { EmptyState } from "../../states/EmptyState";
import { ErrorState } from "../../states/ErrorState";
import { Loading } from "../../states/Loading";
import { StopHistory } from "../../stops/StopHistory";
import { StopNotes } from "../../stops/StopNotes";
import type { ActionKind } from "../actionKinds";
import { act } from "../actions";
import { detailsQuery } from "../api";
import { theseRows } from "../chosen";
import { useMended } from "../mending";
import { nameOf } from "../words";
import classes from "./Details.module.css";
import { History } from "./History";
import { MessageCard } from "./MessageCard";
import { PanelHead } from "./PanelHead";
import { PersonHead } from "./PersonHead";
import { Recipients } from "./Recipients";
import { ServerWords } from "./ServerWords";
import { UncertainCard } from "./UncertainCard";
import { VerdictCard } from "./VerdictCard";
import { WaitCard } from "./WaitCard";

type Props = {
  id: string;
  /** Its place in the list, or −1 when the list does not show it. */
  place: number;
  total: number;
  timeZone: string;
  now: number;
  onMove: (by: 1 | -1) => void;
  onClose: () => void;
  onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null;
};

/** Everything about one email, beside the list. */
export default function DetailsPanel({ id, place, total, timeZone, now, onMove, onClose, onAct }: Props) {
  const { t } = useTranslation();
  const { data, dataUpdatedAt, error, refetch } = useQuery(detailsQuery(id));
  const [email] = useMended(useMemo(() => (data ? [data] : []), [data]));
  const [asked, setAsked] = useState<{ id: string; times: number } | null>(null);
  const read = (received: string): void => setAsked({ id: received, times: (asked?.times ?? 0) + 1 });
  useMarksSeen(email, onAct !== null);

  return (
    <section
      className={classes.panel}
      aria-label={
        email
          ? t("emails.details.title", { name: nameOf(email) })
          : t(error ? "emails.details.missing" : "states.loading")
      }
    >
      <PanelHead email={email} place={place} total={total} onMove={onMove} onClose={onClose} onAct={onAct} />
      {email ? (
        <div className={classes.scroll}>
          <PersonHead email={email} now={now} onAct={onAct} />
          {email.person && (
            <StopNotes email={email} personId={email.person.id} now={now} timeZone={timeZone} />
          )}
          {email.uncertain && (
            <UncertainCard
              email={email}
              asOf={dataUpdatedAt}
              now={now}
              timeZone={timeZone}
              readOnly={onAct === null}
            />
          )}
          {(email.failure !== null || email.status === "spam") && (
            <VerdictCard email={email} now={now} timeZone={timeZone} onAct={onAct} />
          )}
          {email.status === "scheduled" && <WaitCard email={email} timeZone={timeZone} />}
          <ServerWords email={email} />
          {email.person ? (
            <Conversation
              email={email}
              personId={email.person.id}
              now={now}
              timeZone={timeZone}
              readOnly={onAct === null}
              asked={asked}
            />
          ) : (
            <MessageCard email={email} now={now} timeZone={timeZone} />
          )}
          <Recipients email={email} />
          {email.person && (
            <StopHistory
              person={email.person}
              emailId={email.id}
              now={now}
              timeZone={timeZone}
              readOnly={onAct === null}
            />
          )}
          <History email={email} now={now} timeZone={timeZone} onRead={read} />
        </div>
      ) : (
        <NotYet error={error} onRetry={() => void refetch()} />
      )}
    </section>
  );
}

/** Before there is an email to show: it is on its way, it does not come, or there is none. */
function NotYet({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const { t } = useTranslation();
  // What a broken link names is no email either.
  if (isProblem(error, "not-found") || isProblem(error, "malformed"))
    return <EmptyState title={t("emails.details.notThere")} hint={t("emails.details.notThereHint")} />;
  if (error) return <ErrorState title={t("emails.details.didNotLoad")} error={error} onRetry={onRetry} />;
  return (
    <div className={classes.section}>
      <Loading />
    </div>
  );
}

/** Opening an email is looking at its activity, also at what happens while it is open. */
function useMarksSeen(email: EmailDetails | undefined, allowed: boolean): void {
  const unseen = allowed && email?.unseen ? email : null;
  const marked = useRef<number>(0);
  useEffect(() => {
    if (unseen === null || marked.current === unseen.version) return;
    marked.current = unseen.version;
    void act("seen", theseRows([unseen]));
  }, [unseen]);
}

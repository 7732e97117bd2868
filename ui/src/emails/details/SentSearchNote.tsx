import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { SentSearch } from "../../api/types";
import { sayProblem } from "../../settings/sayProblem";
import { comingInSentence, momentOf } from "../../times/format";
import { uncertaintyQuery } from "../api";
import classes from "./Details.module.css";

type Props = { id: string; asOf: number; now: number; timeZone: string };

/** Where an uncertain email was looked for, what that tells, and when it is looked for again. */
export function SentSearchNote({ id, asOf, now, timeZone }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(uncertaintyQuery(id, asOf));
  if (!data) return null;
  if (data.search === null)
    return (
      <p>
        {t("emails.details.sentSearch.none")}{" "}
        <Link to="/settings/mailboxes" className={classes.link}>
          {t("emails.details.sentSearch.addMailbox")}
        </Link>
      </p>
    );
  return <p>{saySearch(data.search).join(" ")}</p>;

  function saySearch({ mailbox, folder, looked_at, next_at, cannot_tell, problem }: SentSearch): string[] {
    if (cannot_tell) return [t("emails.details.sentSearch.cannotTell")];
    const said: string[] = [];
    if (looked_at !== null && folder !== null) {
      const at = momentOf(Date.parse(looked_at), now, timeZone);
      said.push(t("emails.details.sentSearch.absent", { folder, mailbox, at }));
    }
    if (problem !== null) {
      const words = sayProblem("mailboxes", problem.code);
      said.push(t("emails.details.sentSearch.trouble", { mailbox, problem: words }));
    }
    if (next_at === null) said.push(t("emails.details.sentSearch.over"));
    else if (Date.parse(next_at) > now)
      said.push(
        t("emails.details.sentSearch.next", { at: comingInSentence(Date.parse(next_at), now, timeZone) }),
      );
    else if (looked_at === null) said.push(t("emails.details.sentSearch.soon", { mailbox }));
    return said;
  }
}

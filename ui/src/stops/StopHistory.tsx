import { Button } from "@mantine/core";
import { IconBan } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../session/session";
import { fullTime, momentOf } from "../times/format";
import { personStopsQuery } from "./api";
import classes from "./Stops.module.css";
import { sayChange } from "./say";
import { unsubscribe } from "./unsubscribe";

type Props = {
  person: { id: string; name: string };
  emailId: string;
  now: number;
  timeZone: string;
  readOnly: boolean;
};

/** When a person unsubscribed or was mailed again, how and why; and the way to unsubscribe them by hand. */
export function StopHistory({ person, emailId, now, timeZone, readOnly }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { data } = useQuery(personStopsQuery(person.id));
  // Until the history says so: the second half of a double click would be told that it came too late.
  const [running, setRunning] = useState(false);
  if (!data) return null;
  const isOut = data.holding.some((stop) => stop.cause === "unsubscribed" && stop.only_sender === null);
  return (
    <section className={classes.card} aria-labelledby="stops-title">
      <h3 className={classes.title} id="stops-title">
        {t("stops.card")}
        {!readOnly && !isOut && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<IconBan size={14} stroke={1.6} />}
            loading={running}
            onClick={() => {
              setRunning(true);
              void unsubscribe(person, emailId).finally(() => setRunning(false));
            }}
          >
            {t("stops.unsubscribe")}
          </Button>
        )}
      </h3>
      {data.history.length === 0 ? (
        <p className={classes.none}>{t("stops.none", { name: person.name })}</p>
      ) : (
        <ol className={classes.history}>
          {data.history.map((change) => {
            const { title, text } = sayChange(change, user.id);
            const at = Date.parse(change.at);
            return (
              <li key={change.id}>
                <div>
                  <b>{title}</b>
                  <span>{text}</span>
                </div>
                <time dateTime={change.at} title={fullTime(at, timeZone)}>
                  {momentOf(at, now, timeZone)}
                </time>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

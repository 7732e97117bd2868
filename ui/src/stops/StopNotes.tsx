import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { EmailDetails, Stop } from "../api/types";
import { useSession } from "../session/session";
import { dateOf } from "../times/format";
import { personStopsQuery } from "./api";
import { stopBehind } from "./behind";
import { causeIcons } from "./looks";
import { ResumeButton } from "./ResumeButton";
import classes from "./Stops.module.css";
import { sayHow, sayScope, sayWhy, sentences } from "./say";

type Props = { email: EmailDetails; personId: string; now: number; timeZone: string };

/** Why a person is not to be mailed, said where one would write to them. What the email's own reason says is not said twice. */
export function StopNotes({ email, personId, now, timeZone }: Props) {
  const stops = useQuery(personStopsQuery(personId)).data?.holding ?? [];
  const said = stopBehind(email, stops);
  return stops
    .filter((stop) => stop !== said)
    .map((stop) => <StopNote key={stop.id} stop={stop} now={now} timeZone={timeZone} />);
}

function StopNote({ stop, now, timeZone }: { stop: Stop; now: number; timeZone: string }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const Icon = causeIcons[stop.cause];
  const scope = sayScope(stop, user.id);
  const date = dateOf(Date.parse(stop.at), now, timeZone);
  return (
    <div className={classes.note}>
      <Icon size={20} stroke={1.6} aria-hidden="true" />
      <div className={classes.body}>
        <div className={classes.words}>
          <b>{t("stops.since", { cause: t(`stops.causes.${stop.cause}`), date })}</b>
          <p>{sentences(sayHow(stop), ...sayWhy(stop), scope)}</p>
        </div>
        <ResumeButton stop={stop} size="xs" />
      </div>
    </div>
  );
}

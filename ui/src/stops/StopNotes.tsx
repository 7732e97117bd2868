import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Stop } from "../api/types";
import { useSession } from "../session/session";
import { dateOf } from "../times/format";
import { personStopsQuery } from "./api";
import { causeIcons } from "./looks";
import { ResumeDialog } from "./ResumeDialog";
import classes from "./Stops.module.css";
import { sayHow, sayScope, sayWhy } from "./say";

type Props = { personId: string; now: number; timeZone: string };

/** Why a person is not to be mailed, said where one would write to them. */
export function StopNotes({ personId, now, timeZone }: Props) {
  const stops = useQuery(personStopsQuery(personId)).data?.holding ?? [];
  return stops.map((stop) => <StopNote key={stop.id} stop={stop} now={now} timeZone={timeZone} />);
}

function StopNote({ stop, now, timeZone }: { stop: Stop; now: number; timeZone: string }) {
  const { t } = useTranslation();
  const { role, user, view_as } = useSession();
  const [asking, setAsking] = useState(false);
  const Icon = causeIcons[stop.cause];
  const scope = sayScope(stop, user.id);
  const date = dateOf(Date.parse(stop.at), now, timeZone);
  return (
    <div className={classes.note}>
      <Icon size={20} stroke={1.6} aria-hidden="true" />
      <div className={classes.words}>
        <b>{t("stops.since", { cause: t(`stops.causes.${stop.cause}`), date })}</b>
        <p>{[sayHow(stop), ...sayWhy(stop), scope].filter(Boolean).join(" ")}</p>
      </div>
      {role === "admin" && view_as === null && (
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          {t("stops.resume")}
        </Button>
      )}
      {asking && <ResumeDialog stop={stop} onClose={() => setAsking(false)} />}
    </div>
  );
}

import { Button } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { EmailDetails, EmailRow } from "../../api/types";
import { Keys } from "../../commands/Keys";
import { personStopsQuery } from "../../stops/api";
import { stopBehind } from "../../stops/behind";
import { ResumeButton } from "../../stops/ResumeButton";
import { sayHeld } from "../../stops/say";
import { type ActionKind, actionIcons, actionKeys, isOffered, remedies } from "../actionKinds";
import { emptyIn } from "../emptyFields";
import { waitsForIdentity } from "../mending";
import { failureLook } from "../tones";
import { sayFailure } from "../words";
import classes from "./Details.module.css";
import lines from "./VerdictCard.module.css";

type Act = (kind: ActionKind, rows: EmailRow[]) => void;
type Props = { email: EmailDetails; now: number; timeZone: string; onAct: Act | null };

/** Why the email did not get through, in plain words, what that means for the next one, and what helps. */
export function VerdictCard({ email, now, timeZone, onAct }: Props) {
  const { t } = useTranslation();
  const { title, text, held } = sayFailure(email);
  const { icon: Icon, tone } = failureLook(email);
  const stops = useQuery({ ...personStopsQuery(email.person?.id ?? ""), enabled: email.person !== null });
  const stop = stopBehind(email, stops.data?.holding ?? []);
  return (
    <div className={classes.section}>
      <div className={classes.verdict} data-tone={tone}>
        <Icon size={20} stroke={1.6} />
        <div>
          <b>{title}</b>
          <p>{text}</p>
          {stop && <p>{sayHeld(stop, now, timeZone)}</p>}
          {held && <p>{held}</p>}
        </div>
      </div>
      {onAct && (
        <div className={`${classes.actions} ${lines.shared}`}>
          {remedies(email).map((kind, place) => (
            <Action
              key={kind}
              kind={kind}
              keyed={isOffered(kind, email)}
              filled={place === 0 && (kind !== "retry" || email.failure?.retry_may_help === true)}
              onAct={() => onAct(kind, [email])}
            />
          ))}
          {isMendedInIdentity(email) && (
            <Button
              component={Link}
              to="/settings/identities"
              variant="filled"
              leftSection={<IconSettings stroke={1.6} />}
            >
              {t("emails.details.toIdentities")}
            </Button>
          )}
          {stop && <ResumeButton stop={stop} />}
          <Delete onDelete={() => onAct("delete", [email])} />
        </div>
      )}
    </div>
  );
}

/** Whether what helps is done in the settings of the identity, or of the channel that it has there. */
function isMendedInIdentity(email: EmailDetails): boolean {
  const refused = email.failure?.reason === "sender_refused" && email.failure.held_back === null;
  return waitsForIdentity(email) || emptyIn(email) === "sender" || refused;
}

type ActionProps = { kind: ActionKind; keyed: boolean; filled: boolean; onAct: () => void };

function Action({ kind, keyed, filled, onAct }: ActionProps) {
  const { t } = useTranslation();
  const Icon = actionIcons[kind];
  return (
    <Button
      variant={filled ? "filled" : "default"}
      leftSection={<Icon stroke={1.6} />}
      rightSection={keyed && <Keys of={actionKeys[kind]} tone={filled ? "filled" : "plain"} />}
      onClick={onAct}
    >
      {t(`emails.actions.${kind}`)}
    </Button>
  );
}

function Delete({ onDelete }: { onDelete: () => void }) {
  const { t } = useTranslation();
  const Icon = actionIcons.delete;
  return (
    <Button
      variant="subtle"
      color="coral"
      className={classes.last}
      leftSection={<Icon stroke={1.6} />}
      onClick={onDelete}
    >
      {t("emails.actions.delete")}
    </Button>
  );
}

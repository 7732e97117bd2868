import { Button } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { EmailDetails, EmailRow } from "../../api/types";
import { Keys } from "../../commands/Keys";
import { Avatar } from "../../people/Avatar";
import { cityOf, clockIn } from "../../times/format";
import { type ActionKind, actionIcons, actionKeys, commonKinds } from "../actionKinds";
import { RepliedBadge, StatusBadge } from "../StatusBadge";
import { initialsFrom, nameOf } from "../words";
import classes from "./Details.module.css";

type Props = {
  email: EmailDetails;
  now: number;
  onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null;
};

/** To whom the email went, what time it is there, and how to go on with this person. */
export function PersonHead({ email, now, onAct }: Props) {
  const { t } = useTranslation();
  const { person } = email;
  const kinds = commonKinds([email]).person;
  const meta = [
    person?.title,
    person?.company,
    email.to_address !== nameOf(email) && email.to_address,
    person?.time_zone &&
      t("emails.details.localTime", { time: clockIn(now, person.time_zone), city: cityOf(person.time_zone) }),
  ].filter((part): part is string => Boolean(part));
  return (
    <div className={classes.person}>
      <div className={classes.who}>
        <Avatar name={initialsFrom(email)} address={email.to_address} size={40} />
        <div className={classes.whoText}>
          <div className={classes.name}>
            <h2 className="qd-truncate">{nameOf(email)}</h2>
            {email.activity.replies > 0 && <RepliedBadge />}
            {(email.activity.replies === 0 || email.status !== "delivered") && <StatusBadge row={email} />}
          </div>
          <div className={classes.meta}>
            {meta.map((part, place) => (
              <Fragment key={part}>
                <span>{place < meta.length - 1 ? `${part} ·` : part}</span>{" "}
              </Fragment>
            ))}
          </div>
        </div>
      </div>
      {onAct && kinds.length > 0 && (
        <div className={classes.actions}>
          {kinds.map((kind, place) => {
            const isNext = place === 0 && (kind === "reply" || kind === "follow_up");
            const Icon = actionIcons[kind];
            return (
              <Button
                key={kind}
                variant={isNext ? "filled" : "default"}
                leftSection={<Icon stroke={1.6} />}
                rightSection={<Keys of={actionKeys[kind]} tone={isNext ? "filled" : "plain"} />}
                onClick={() => onAct(kind, [email])}
              >
                {t(`emails.actions.${kind}`)}
              </Button>
            );
          })}
        </div>
      )}
    </div>
  );
}

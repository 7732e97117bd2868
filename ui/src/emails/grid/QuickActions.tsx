import { ActionIcon, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../../api/types";
import { Keys } from "../../commands/Keys";
import { type ActionKind, actionIcons, actionKeys, commonKinds } from "../actionKinds";
import classes from "./QuickActions.module.css";

type Props = { row: EmailRow; onAct: (kind: ActionKind, rows: EmailRow[]) => void };

/** What can be done with the row under the pointer: with the email, then with its person. */
export function QuickActions({ row, onAct }: Props) {
  const kinds = commonKinds([row]);
  if (kinds.email.length + kinds.person.length === 0) return null;
  const button = (kind: ActionKind) => (
    <QuickAction key={kind} kind={kind} onAct={() => onAct(kind, [row])} />
  );
  return (
    <div role="gridcell" tabIndex={-1} className={classes.actions}>
      {kinds.email.map(button)}
      {kinds.email.length > 0 && kinds.person.length > 0 && <span className={classes.rule} />}
      {kinds.person.map(button)}
    </div>
  );
}

function QuickAction({ kind, onAct }: { kind: ActionKind; onAct: () => void }) {
  const { t } = useTranslation();
  const Icon = actionIcons[kind];
  return (
    <Tooltip
      openDelay={300}
      label={
        <span className={classes.tip}>
          {t(`emails.actions.${kind}`)} <Keys of={actionKeys[kind]} tone="inverse" />
        </span>
      }
    >
      <ActionIcon
        tabIndex={-1}
        aria-label={t(`emails.actions.${kind}`)}
        className={classes.action}
        onClick={(event) => {
          event.stopPropagation();
          onAct();
        }}
      >
        <Icon size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../api/types";
import { Keys } from "../commands/Keys";
import { type ActionKind, actionIcons, actionKeys, commonKinds } from "./actionKinds";
import classes from "./SelectionBar.module.css";

type Props = {
  rows: EmailRow[];
  /** How many emails of the folder are loaded, and how many it holds. */
  loaded: number;
  total: number;
  onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null;
  onClear: () => void;
};

/** What can be done with the checked emails, floating above the lower edge. */
export function SelectionBar({ rows, loaded, total, onAct, onClear }: Props) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  const kinds = commonKinds(rows);
  // Everything that can be seen is checked, and yet not everything: that has to be said.
  const said =
    rows.length === loaded && loaded < total
      ? t("emails.selectedOf", { selected: rows.length.toLocaleString(), total: total.toLocaleString() })
      : t("emails.selected", { count: rows.length });
  const button = (kind: ActionKind) => {
    const Icon = actionIcons[kind];
    return (
      <button key={kind} type="button" className={classes.action} onClick={() => onAct?.(kind, rows)}>
        <Icon size={16} stroke={1.6} />
        <span className={classes.word}>{t(`emails.actions.${kind}`)}</span>
        <Keys of={actionKeys[kind]} tone="inverse" />
      </button>
    );
  };
  return (
    <section className={classes.bar} aria-label={said}>
      <span className={classes.count}>{said}</span>
      {onAct && kinds.email.map(button)}
      {onAct && kinds.email.length > 0 && kinds.person.length > 0 && <span className={classes.rule} />}
      {onAct && kinds.person.map(button)}
      <button
        type="button"
        className={classes.clear}
        aria-label={t("emails.actions.clear")}
        onClick={onClear}
      >
        <IconX size={16} stroke={1.6} />
      </button>
    </section>
  );
}

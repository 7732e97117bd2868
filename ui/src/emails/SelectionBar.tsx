import { IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Keys } from "../commands/Keys";
import { type ActionKind, actionIcons, actionKeys, commonKinds } from "./actionKinds";
import { type Chosen, countOfChosen } from "./chosen";
import classes from "./SelectionBar.module.css";

type Props = {
  chosen: Chosen;
  /** How many emails the folder holds, loaded or not. */
  total: number;
  onAct: ((kind: ActionKind, chosen: Chosen) => void) | null;
  onSelectWhole: () => Promise<void>;
  onClear: () => void;
};

/** What can be done with the checked emails, floating above the lower edge. */
export function SelectionBar({ chosen, total, onAct, onSelectWhole, onClear }: Props) {
  const { t } = useTranslation();
  const bar = useRef<HTMLElement>(null);
  const count = countOfChosen(chosen);
  if (count === 0) return null;
  const kinds = commonKinds(chosen.rows, count);
  const figures = { selected: count.toLocaleString(), total: total.toLocaleString() };
  const said = count < total ? t("emails.selectedOf", figures) : t("emails.selected", { count });
  const button = (kind: ActionKind) => {
    const Icon = actionIcons[kind];
    return (
      <button key={kind} type="button" className={classes.action} onClick={() => onAct?.(kind, chosen)}>
        <Icon size={16} stroke={1.6} />
        <span>{t(`emails.actions.${kind}`)}</span>
        <Keys of={actionKeys[kind]} tone="inverse" />
      </button>
    );
  };
  // The button goes when everything is selected: whoever pressed it by a key is still here.
  const selectWhole = () => onSelectWhole().then(() => bar.current?.focus());
  return (
    <section ref={bar} className={classes.bar} aria-label={said} data-of-selection="" tabIndex={-1}>
      <span className={classes.count} role="status">
        {said}
      </span>
      {onAct && kinds.email.length > 0 && count < total && (
        <WholeButton total={figures.total} onSelect={selectWhole} />
      )}
      <span className={classes.actions}>
        {onAct && kinds.email.map(button)}
        {onAct && kinds.email.length > 0 && kinds.person.length > 0 && <span className={classes.rule} />}
        {onAct && kinds.person.map(button)}
      </span>
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

/** "Select all 1,306": all of the folder, not all that is loaded of it. */
function WholeButton({ total, onSelect }: { total: string; onSelect: () => Promise<void> }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const select = async (): Promise<void> => {
    setBusy(true);
    await onSelect();
    setBusy(false);
  };
  return (
    <button
      type="button"
      className={classes.whole}
      aria-busy={busy}
      aria-disabled={busy}
      onClick={() => !busy && void select()}
    >
      {t("emails.selectWhole", { total })}
    </button>
  );
}

import type { ReactNode } from "react";
import classes from "./Rows.module.css";

/** A quiet list: hairlines, no boxes. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  );
}

type Props = {
  lead?: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  actions?: ReactNode;
  /** What opens under the row. */
  children?: ReactNode;
  dimmed?: boolean;
};

export function Row({ lead, title, detail, actions, children, dimmed = false }: Props) {
  return (
    <li className={classes.row} data-dimmed={dimmed || undefined}>
      <div className={classes.line}>
        {lead}
        <div className={classes.words}>
          <div className={classes.title}>{title}</div>
          {detail && <div className={classes.detail}>{detail}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </li>
  );
}

type Tone = "green" | "brass" | "coral" | "marine" | "plain";

/** A state, said in a word. */
export function Badge({ tone, icon, children }: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}

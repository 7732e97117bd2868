import type { ReactNode } from "react";
import { CalmBoat } from "./Boat";
import classes from "./States.module.css";

type Props = { title: string; hint?: string; children?: ReactNode };

/** Nothing is here: what belongs here, and the next step as children. */
export function EmptyState({ title, hint, children }: Props) {
  return (
    <div className={classes.state}>
      <CalmBoat />
      <h2 className={classes.title}>{title}</h2>
      {hint && <p className={classes.hint}>{hint}</p>}
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  );
}

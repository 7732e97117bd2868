import type { ReactNode } from "react";
import { Mark } from "../shell/Mark";
import classes from "./Gate.module.css";

type Props = { title: string; hint?: ReactNode; children?: ReactNode; foot?: ReactNode };

/** A page in front of the sign-in: the flag, what it is about, and one form. */
export function Gate({ title, hint, children, foot }: Props) {
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <Mark size={36} />
        <h1 className={classes.title}>{title}</h1>
        {hint && <p className={classes.hint}>{hint}</p>}
        {children}
        {foot && <div className={classes.foot}>{foot}</div>}
      </div>
    </main>
  );
}

/** What went wrong with the whole form. */
export function GateProblem({ children }: { children: ReactNode }) {
  return (
    <p className={classes.problem} role="alert">
      {children}
    </p>
  );
}

import { Loading } from "../states/Loading";
import classes from "./AppShell.module.css";
import { Mark } from "./Mark";

/** The shell before it is known who looks at it. */
export function StartingPage() {
  return (
    <div className={classes.starting}>
      <div className={classes.startingNav}>
        <Mark size={28} />
      </div>
      <Loading />
    </div>
  );
}

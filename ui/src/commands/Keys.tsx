import classes from "./Keys.module.css";
import { capsOf } from "./keys";

type Props = { of: string; tone?: "plain" | "filled" | "soft" | "inverse" };

/** A key as it stands on a button, in a menu or in the footer. */
export function Keys({ of: name, tone = "plain" }: Props) {
  return (
    <span className={classes.keys} aria-hidden="true">
      {capsOf(name).map((cap) => (
        <kbd key={cap} className={classes.key} data-tone={tone}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}

import classes from "./Avatar.module.css";
import { hueOf, initialsOf } from "./avatar";

type Props = { name: string; address?: string | null; size?: 20 | 24 | 28 | 40 | 48 };

/** Initials on a colour that belongs to the address, so that a person looks the same everywhere. */
export function Avatar({ name, address, size = 28 }: Props) {
  return (
    <span
      className={classes.avatar}
      data-size={size}
      style={{ "--hue": hueOf(address ?? name) } as React.CSSProperties}
      aria-hidden="true"
    >
      {initialsOf(name)}
    </span>
  );
}

import { useEffect, useRef } from "react";
import classes from "./Count.module.css";

/** A figure that flashes for a moment when it changes. */
export function Count({ value }: { value: number | undefined }) {
  const figure = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    const changed = before.current !== undefined && value !== before.current;
    before.current = value;
    if (!changed || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    figure.current?.animate([{ background: "var(--qd-tint-2)" }, { background: "transparent" }], {
      duration: 600,
    });
  }, [value]);
  return (
    <span ref={figure} className={classes.count}>
      {value?.toLocaleString()}
    </span>
  );
}

import { type ReactNode, useEffect, useRef } from "react";
import classes from "./Section.module.css";

type Props = { title: string; hint?: ReactNode; action?: ReactNode; children?: ReactNode };

/** One subject of a settings page. */
export function Section({ title, hint, action, children }: Props) {
  return (
    <section className={classes.section}>
      <header className={classes.head}>
        <div className={classes.words}>
          <h2 className={classes.title}>{title}</h2>
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

/** Fields above each other, and what to do with them below. */
export function Form({
  onSubmit,
  children,
  buttons,
}: {
  /** `button` is the name of the one that was pressed. */
  onSubmit: (button: string | null) => void;
  children: ReactNode;
  buttons: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const asked = useRef(false);
  // What was refused may stand far above the button.
  useEffect(() => {
    const wrong = asked.current && form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (!wrong) return;
    asked.current = false;
    wrong.focus();
  });
  return (
    <form
      ref={form}
      className={classes.form}
      onInput={() => {
        asked.current = false;
      }}
      onSubmit={(event) => {
        event.preventDefault();
        asked.current = true;
        onSubmit((event.nativeEvent as SubmitEvent).submitter?.getAttribute("name") ?? null);
      }}
    >
      {children}
      <div className={classes.buttons}>{buttons}</div>
    </form>
  );
}

/** Fields beside each other where there is room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={classes.fields}>{children}</div>;
}

/** A problem with the whole form. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p className={classes.problem} role="alert">
      {children}
    </p>
  );
}

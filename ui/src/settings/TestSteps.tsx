import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { TestStep } from "../api/types";
import { type Kind, sayProblem } from "./sayProblem";
import classes from "./TestSteps.module.css";

type Props = { of: Kind; ok: boolean; verdict: string; steps: TestStep[] };

/** A test, step by step: what was tried, how long it took, and what the server said. */
export function TestSteps({ of, ok, verdict, steps }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  // On a small screen it begins below the edge, and pressing the button would seem to do nothing.
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div ref={place} className={classes.conversation}>
      <p className={classes.verdict} data-ok={ok} role="status">
        {verdict}
      </p>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.step} data-ok={step.ok}>
            {step.ok ? <IconCircleCheck size={16} stroke={1.6} /> : <IconCircleX size={16} stroke={1.6} />}
            <div>
              <div className={classes.name}>
                {t(`settings.channels.steps.${step.step}`)}
                <span className="qd-figures">{t("settings.channels.milliseconds", { count: step.ms })}</span>
              </div>
              {step.problem && <div className={classes.problem}>{sayProblem(of, step.problem)}</div>}
              {(step.lines.length > 0 || step.detail) && (
                <pre className={classes.lines}>
                  {step.lines.map(({ from, text }) => `${from === "us" ? "→" : "←"} ${text}`).join("\n")}
                  {step.detail && `${step.lines.length > 0 ? "\n" : ""}${step.detail}`}
                </pre>
              )}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

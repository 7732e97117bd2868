import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ChannelTest } from "../../api/types";
import { formatBytes } from "../../compose/size";
import classes from "./Conversation.module.css";

/** The test, step by step: what was tried, how long it took, and what the server said. */
export function Conversation({ test }: { test: ChannelTest }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes.conversation}>
      <p className={classes.verdict} data-ok={test.ok} role="status">
        {test.ok ? t("settings.channels.testOk") : t("settings.channels.testFailed")}
        {test.size_limit !== null &&
          ` ${t("settings.channels.sizeLimit", { size: formatBytes(test.size_limit, i18n.language) })}`}
      </p>
      <ol className={classes.steps}>
        {test.steps.map((step) => (
          <li key={step.step} data-ok={step.ok}>
            {step.ok ? <IconCircleCheck size={16} stroke={1.6} /> : <IconCircleX size={16} stroke={1.6} />}
            <div>
              <div className={classes.name}>
                {t(`settings.channels.steps.${step.step}`)}
                <span className="qd-figures">{t("settings.channels.milliseconds", { count: step.ms })}</span>
              </div>
              {step.problem && <div className={classes.problem}>{sayStepProblem(step.problem)}</div>}
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

  function sayStepProblem(problem: string): string {
    const key = `settings.channels.problems.${problem}`;
    return i18n.exists(key) ? String(t(key as never)) : t("settings.channels.problems.other");
  }
}

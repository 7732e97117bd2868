import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeliverabilityReport } from "../../api/types";
import { DnsRecordFields } from "./DnsRecordFields";
import classes from "./Domains.module.css";

const icons = {
  good: IconCircleCheck,
  advice: IconAlertTriangle,
  bad: IconCircleX,
  unknown: IconHelpCircle,
};

/** What DNS says, finding by finding, what to publish, and who would refuse mail as things are. */
export function Report({ report, onHide }: { report: DeliverabilityReport; onHide: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.report} role="status">
      {report.refusals.length > 0 ? (
        <div className={classes.refusals}>
          <b>{t("settings.domains.refused")}</b>
          <ul>
            {report.refusals.map(({ receiver, when, cause, answer }) => (
              <li key={`${receiver} ${when} ${cause}`}>
                {t(`settings.domains.receivers.${receiver}`)}: {t(`settings.domains.causes.${cause}`)}{" "}
                {t(`settings.domains.when.${when}`)}
                {answer && (
                  <>
                    {" "}
                    <span className="qd-mono">{answer}</span>
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className={classes.fine}>{t("settings.domains.notRefused")}</p>
      )}
      {report.return_domain !== null && (
        <p className={classes.stepHint}>
          {t("settings.domains.returnDomain", { domain: report.return_domain })}
        </p>
      )}
      <ul className={classes.findings}>
        {report.findings.map((finding) => {
          const Icon = icons[finding.verdict];
          return (
            <li key={`${finding.code} ${finding.param}`} data-verdict={finding.verdict}>
              <Icon
                size={16}
                stroke={1.6}
                role="img"
                aria-label={t(`settings.domains.verdicts.${finding.verdict}`)}
              />
              <div>
                <div className={classes.subject}>{t(`settings.domains.subjects.${finding.subject}`)}</div>
                <div>{t(`settings.domains.findings.${finding.code}`, { param: finding.param ?? "" })}</div>
                {finding.found.length > 0 && <pre className={classes.found}>{finding.found.join("\n")}</pre>}
                {finding.publish && <DnsRecordFields record={finding.publish} />}
              </div>
            </li>
          );
        })}
      </ul>
      <div>
        <Button size="xs" variant="subtle" color="gray" onClick={onHide}>
          {t("settings.domains.hideCheck")}
        </Button>
      </div>
    </div>
  );
}

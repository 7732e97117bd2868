import { Button } from "@mantine/core";
import { IconAlertTriangle, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { OwnTrackingHost, TrackingDomainTest } from "../../api/types";
import { useSession } from "../../session/session";
import { momentOf } from "../../times/format";
import { useNow } from "../../times/now";
import { sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import channels from "../channels/Channels.module.css";
import { Badge } from "../Rows";
import { sayProblem } from "../sayProblem";
import { TestSteps } from "../TestSteps";
import {
  activateTrackingDomain,
  checkTrackingDomain,
  deactivateTrackingDomain,
  removeTrackingDomain,
} from "./api";
import { DnsRecordFields } from "./DnsRecordFields";
import classes from "./Domains.module.css";

const tones = {
  waiting: "brass",
  active: "green",
  expiring: "brass",
  failing: "coral",
  switched_off: "coral",
} as const;

/** A host of one's own, from its record to its use: publish, check, switch on. */
export function OwnHostSteps({ own, defaultUrl }: { own: OwnTrackingHost; defaultUrl: string }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const now = useNow(60_000);
  const [test, setTest] = useState<TrackingDomainTest | null>(null);
  const [busy, setBusy] = useState<"check" | "switch" | null>(null);
  const isOn = own.active_since !== null;
  const run = (what: "check" | "switch", doing: Promise<TrackingDomainTest | null>): void => {
    setBusy(what);
    setTest(null);
    doing
      .then(setTest)
      .then(() => queryClient.invalidateQueries({ queryKey: ["domains"] }))
      .catch(sayError)
      .finally(() => setBusy(null));
  };
  const switchOff = () =>
    run(
      "switch",
      deactivateTrackingDomain().then(() => null),
    );
  const remove = () =>
    run(
      "switch",
      removeTrackingDomain().then(() => null),
    );
  const moment = (at: string) => momentOf(Date.parse(at), now, user.time_zone);
  const checked = own.checked_at
    ? t("settings.trackingDomain.checked", { at: moment(own.checked_at) })
    : t("settings.trackingDomain.unchecked");
  const { certificate } = own;
  return (
    <>
      <div className={classes.keyLine}>
        <div className={classes.keyWords}>
          <div className={classes.keyTitle}>
            {own.readable}
            <Badge tone={tones[own.state]}>{t(`settings.trackingDomain.states.${own.state}`)}</Badge>
          </div>
          {own.readable !== own.host && (
            <div className={classes.quiet}>{t("settings.domains.inDns", { name: own.host })}</div>
          )}
          <div className={classes.quiet}>
            {checked}
            {certificate &&
              own.problem === null &&
              ` · ${t("settings.trackingDomain.certificateEnds", { at: moment(certificate.ends_at) })}`}
            {own.problem &&
              !own.failing_since &&
              test === null &&
              ` · ${sayProblem("trackingDomain", own.problem)}`}
          </div>
        </div>
        <ConfirmButton
          label={t("settings.trackingDomain.remove", { host: own.readable })}
          icon={<IconTrash size={16} stroke={1.6} />}
          question={t("settings.trackingDomain.removeQuestion", { host: own.readable, url: defaultUrl })}
          verb={t("settings.delete")}
          onConfirm={remove}
        />
      </div>
      {own.problem && own.failing_since && (
        <div className={channels.paused} role="status">
          <IconAlertTriangle size={16} stroke={1.6} />
          <div>
            <b>{sayProblem("trackingDomain", own.problem)}</b>{" "}
            {t(
              own.state === "switched_off"
                ? "settings.trackingDomain.switchedOff"
                : "settings.trackingDomain.failing",
              { url: defaultUrl },
            )}
            {own.problem === "order_failed" && <div className="qd-mono">{own.problem_text}</div>}
          </div>
        </div>
      )}
      {certificate && own.state === "expiring" && (
        <div className={channels.paused} role="status">
          <IconAlertTriangle size={16} stroke={1.6} />
          <div>
            <b>{t("settings.trackingDomain.expiring", { at: moment(certificate.ends_at) })}</b>{" "}
            {t(
              certificate.ordered_here
                ? "settings.trackingDomain.expiringHere"
                : "settings.trackingDomain.expiringAtProxy",
              { url: defaultUrl },
            )}
            {certificate.problem_text && <div className="qd-mono">{certificate.problem_text}</div>}
          </div>
        </div>
      )}
      <ol className={classes.steps}>
        <li>
          <h3 className={classes.stepTitle}>{t("settings.trackingDomain.publish")}</h3>
          <p className={classes.stepHint}>{t("settings.trackingDomain.publishHint")}</p>
          <DnsRecordFields record={own.record} />
        </li>
        <li>
          <h3 className={classes.stepTitle}>{t("settings.trackingDomain.check")}</h3>
          <p className={classes.stepHint}>{t("settings.trackingDomain.checkHint")}</p>
          <Button
            size="xs"
            variant="default"
            loading={busy === "check"}
            onClick={() => run("check", checkTrackingDomain())}
          >
            {t("settings.trackingDomain.checkNow")}
          </Button>
        </li>
        <li>
          <h3 className={classes.stepTitle}>{t("settings.trackingDomain.use")}</h3>
          <p className={classes.stepHint}>{t("settings.trackingDomain.useHint")}</p>
          {isOn ? (
            <Button size="xs" variant="default" loading={busy === "switch"} onClick={switchOff}>
              {t("settings.trackingDomain.switchOff")}
            </Button>
          ) : (
            <Button
              size="xs"
              loading={busy === "switch"}
              onClick={() => run("switch", activateTrackingDomain())}
            >
              {t("settings.trackingDomain.switchOn")}
            </Button>
          )}
        </li>
      </ol>
      {test && (
        <TestSteps
          of="trackingDomain"
          ok={test.ok}
          verdict={t(
            `settings.trackingDomain.${test.ok ? "testOk" : isOn ? "testFailedInUse" : "testFailed"}`,
          )}
          steps={test.steps}
        />
      )}
    </>
  );
}

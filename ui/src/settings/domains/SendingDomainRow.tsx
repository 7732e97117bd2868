import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { DeliverabilityReport, DkimAlgorithm, SendingDomain } from "../../api/types";
import { sayError } from "../../toasts/toasts";
import { Badge, Row } from "../Rows";
import { checkDomain, createKey } from "./api";
import classes from "./Domains.module.css";
import { KeyItem } from "./KeyItem";
import { Report } from "./Report";

const algorithms = ["rsa", "ed25519"] as const;

/** One domain on one channel: what DNS says about it, and its keys. */
export function SendingDomainRow({ domain }: { domain: SendingDomain }) {
  const { t } = useTranslation();
  const [report, setReport] = useState<DeliverabilityReport | null>(null);
  const [busy, setBusy] = useState<"check" | "key" | null>(null);
  const signs = domain.keys.some(({ state }) => state === "signing");
  const waiting = new Set(domain.keys.filter(({ state }) => state === "waiting").map((key) => key.algorithm));
  const free = algorithms.filter((algorithm) => !waiting.has(algorithm));

  const check = (): void => {
    setBusy("check");
    checkDomain(domain)
      .then(setReport)
      .catch(sayError)
      .finally(() => setBusy(null));
  };
  const make = (algorithm: DkimAlgorithm): void => {
    setBusy("key");
    createKey(domain, algorithm)
      .then(() => queryClient.invalidateQueries({ queryKey: ["domains"] }))
      .catch(sayError)
      .finally(() => setBusy(null));
  };
  return (
    <Row
      title={
        <>
          {domain.readable}
          <Badge tone={signs ? "green" : "plain"}>
            {t(signs ? "settings.domains.signs" : "settings.domains.signsNot")}
          </Badge>
        </>
      }
      detail={
        <>
          {t("settings.domains.through", {
            channel: domain.channel_name,
            addresses: domain.addresses.join(", "),
          })}
          {domain.readable !== domain.domain && (
            <div>{t("settings.domains.inDns", { name: domain.domain })}</div>
          )}
        </>
      }
      actions={
        <>
          <Button size="xs" variant="default" loading={busy === "check"} onClick={check}>
            {t("settings.domains.check")}
          </Button>
          {free.length > 0 && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button
                  size="xs"
                  variant="default"
                  loading={busy === "key"}
                  leftSection={<IconPlus size={16} stroke={1.6} />}
                >
                  {t("settings.domains.addKey")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {free.map((algorithm) => (
                  <Menu.Item key={algorithm} onClick={() => make(algorithm)}>
                    {t(`settings.domains.algorithms.${algorithm}`)}
                    <div className={classes.quiet}>{t(`settings.domains.algorithmHints.${algorithm}`)}</div>
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {domain.keys.length > 0 && (
        <ul className={classes.keys} aria-label={t("settings.domains.keys", { domain: domain.domain })}>
          {domain.keys.map((key) => (
            <KeyItem key={key.id} dkimKey={key} />
          ))}
        </ul>
      )}
      {report && <Report report={report} onHide={() => setReport(null)} />}
    </Row>
  );
}

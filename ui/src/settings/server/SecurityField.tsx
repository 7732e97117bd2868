import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Security } from "../../api/types";
import channels from "../channels/Channels.module.css";
import { Problem } from "../Section";

type Props = { value: Security; onChange: (security: Security) => void };

const securities: Security[] = ["tls", "starttls", "none"];

/** How the conversation with a server is protected. */
export function SecurityField({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <div>
        <div className={channels.label}>{t("settings.channels.security")}</div>
        <SegmentedControl
          className={channels.segments}
          aria-label={t("settings.channels.security")}
          data={securities.map((value) => ({ value, label: t(`settings.channels.securities.${value}`) }))}
          value={value}
          onChange={(security) => onChange(security as Security)}
        />
      </div>
      {value === "none" && <Problem>{t("settings.channels.onlyLoopback")}</Problem>}
    </>
  );
}

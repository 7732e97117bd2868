import { useTranslation } from "react-i18next";
import type { DnsRecord } from "../../api/types";
import { CopyField } from "../CopyField";
import classes from "./Domains.module.css";

/** A record to publish: its name and its value, each to be copied as it has to stand. */
export function DnsRecordFields({ record }: { record: DnsRecord }) {
  const { t } = useTranslation();
  return (
    <div className={classes.record}>
      <CopyField label={t("settings.domains.recordName", { kind: record.kind })} value={record.name} />
      <CopyField label={t("settings.domains.recordValue")} value={record.value} />
    </div>
  );
}

import { useTranslation } from "react-i18next";
import type { MailboxTest } from "../../api/types";
import { TestSteps } from "../TestSteps";

/** The test of a mailbox, and the folder it found. */
export function MailboxSteps({ test }: { test: MailboxTest }) {
  const { t } = useTranslation();
  const parts: string[] = [test.ok ? t("settings.mailboxes.testOk") : t("settings.mailboxes.testFailed")];
  if (test.sent_folder !== null) parts.push(t("settings.mailboxes.testFolder", { folder: test.sent_folder }));
  return <TestSteps of="mailboxes" ok={test.ok} verdict={parts.join(" ")} steps={test.steps} />;
}

import { useTranslation } from "react-i18next";
import type { ChannelTest } from "../../api/types";
import { formatBytes } from "../../compose/size";
import { TestSteps } from "../TestSteps";

/** The test of a channel, and the largest message its server takes. */
export function Conversation({ test }: { test: ChannelTest }) {
  const { t, i18n } = useTranslation();
  const parts: string[] = [test.ok ? t("settings.channels.testOk") : t("settings.channels.testFailed")];
  if (test.size_limit !== null)
    parts.push(t("settings.channels.sizeLimit", { size: formatBytes(test.size_limit, i18n.language) }));
  return <TestSteps of="channels" ok={test.ok} verdict={parts.join(" ")} steps={test.steps} />;
}

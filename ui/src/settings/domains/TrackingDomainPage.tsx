import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Loaded } from "../Loaded";
import { Section } from "../Section";
import { trackingDomainQuery } from "./api";
import { OwnHostSteps } from "./OwnHostSteps";
import { TrackingHostForm } from "./TrackingHostForm";

/** Where links of sent mail lead: the default host, or one of one's own. */
export default function TrackingDomainPage() {
  const { t } = useTranslation();
  const query = useQuery(trackingDomainQuery);
  return (
    <Loaded query={query}>
      {({ default_url, own }) => (
        <Section
          title={t("settings.trackingDomain.title")}
          hint={
            own?.active_since
              ? t("settings.trackingDomain.hintInUse", { host: own.readable })
              : t("settings.trackingDomain.hint", { url: default_url })
          }
        >
          {own ? <OwnHostSteps own={own} defaultUrl={default_url} /> : <TrackingHostForm />}
        </Section>
      )}
    </Loaded>
  );
}

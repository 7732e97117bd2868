import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CopyField } from "../CopyField";
import { Loaded } from "../Loaded";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { providersQuery } from "./api";
import { ProviderRow } from "./ProviderRow";

/** What the workspace is registered as at Google and Microsoft. */
export default function ProvidersPage() {
  const { t } = useTranslation();
  const query = useQuery(providersQuery);
  return (
    <Section title={t("settings.providers.title")} hint={t("settings.providers.hint")}>
      <Loaded query={query}>
        {({ redirect_uri, items }) => (
          <>
            <CopyField label={t("settings.providers.redirect")} value={redirect_uri} />
            <Rows label={t("settings.providers.title")}>
              {items.map((view) => (
                <ProviderRow key={view.provider} view={view} />
              ))}
            </Rows>
          </>
        )}
      </Loaded>
    </Section>
  );
}

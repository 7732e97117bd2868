import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../states/EmptyState";
import { Loaded } from "../Loaded";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { sendingDomainsQuery } from "./api";
import { SendingDomainRow } from "./SendingDomainRow";

/** The domains that mail is sent from: whether receivers believe them, and the keys that sign. */
export default function SendingDomainsPage() {
  const { t } = useTranslation();
  const query = useQuery(sendingDomainsQuery);
  return (
    <Section title={t("settings.domains.title")} hint={t("settings.domains.hint")}>
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            <Rows label={t("settings.domains.title")}>
              {items.map((domain) => (
                <SendingDomainRow key={`${domain.domain} ${domain.channel_id}`} domain={domain} />
              ))}
            </Rows>
          ) : (
            <EmptyState title={t("settings.domains.empty")} hint={t("settings.domains.emptyHint")} />
          )
        }
      </Loaded>
    </Section>
  );
}

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../states/EmptyState";
import { Loaded } from "../Loaded";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { identitiesQuery } from "./api";
import { IdentityForm } from "./IdentityForm";
import { IdentityRow } from "./IdentityRow";

/** The names and addresses one sends as, each with its signature and its channel. */
export default function IdentitiesPage() {
  const { t } = useTranslation();
  const query = useQuery(identitiesQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus stroke={1.6} />} onClick={() => setAdding(true)}>
      {t("settings.identities.add")}
    </Button>
  );
  return (
    <Section
      title={t("settings.identities.title")}
      hint={t("settings.identities.hint")}
      action={!adding && (query.data?.items.length ?? 0) > 0 && add}
    >
      {adding && <IdentityForm identity={null} onDone={() => setAdding(false)} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            <Rows label={t("settings.identities.title")}>
              {items.map((identity) => (
                <IdentityRow key={identity.id} identity={identity} />
              ))}
            </Rows>
          ) : (
            !adding && (
              <EmptyState title={t("settings.identities.empty")} hint={t("settings.identities.emptyHint")}>
                {add}
              </EmptyState>
            )
          )
        }
      </Loaded>
    </Section>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Loaded } from "../settings/Loaded";
import { Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { membersQuery } from "./api";
import { MemberRow } from "./MemberRow";

/** Everybody who signs in here. */
export default function MembersPage() {
  const { t } = useTranslation();
  const query = useQuery(membersQuery);
  return (
    <Section title={t("members.title")} hint={t("members.hint")}>
      <Loaded query={query}>
        {({ items }) => (
          <Rows label={t("members.title")}>
            {items.map((member) => (
              <MemberRow key={member.id} member={member} others={items} />
            ))}
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}

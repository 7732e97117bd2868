import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Avatar } from "../people/Avatar";
import { useSession, viewAs } from "../session/session";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { sayError } from "../toasts/toasts";

/** Looks at somebody else's desk; it can be read and not changed, and the record says who looked. */
export default function ViewAsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { can_view_as } = useSession();
  const look = (id: string): void => {
    viewAs(id)
      .then(() => navigate({ to: "/" }))
      .catch(sayError);
  };
  return (
    <Section title={t("members.viewAs.title")} hint={t("members.viewAs.hint")}>
      <Rows label={t("members.viewAs.title")}>
        {can_view_as.map(({ id, name }) => (
          <Row
            key={id}
            lead={<Avatar name={name} />}
            title={name}
            actions={
              <Button
                size="xs"
                variant="default"
                leftSection={<IconEye stroke={1.6} />}
                aria-label={t("members.viewAs.lookOne", { name })}
                onClick={() => look(id)}
              >
                {t("members.viewAs.look")}
              </Button>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}

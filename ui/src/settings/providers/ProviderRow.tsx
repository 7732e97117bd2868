import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { ProviderView } from "../../api/types";
import { sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import { Badge, Row } from "../Rows";
import { forgetProvider } from "./api";
import { ProviderForm } from "./ProviderForm";

/** One provider, and whether people can consent there. */
export function ProviderRow({ view }: { view: ProviderView }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const { provider, registration } = view;
  const name = t(`settings.providers.names.${provider}`);
  const forget = (): void => {
    forgetProvider(provider)
      .then(() => queryClient.invalidateQueries({ queryKey: ["mailboxes"] }))
      .catch(sayError);
  };
  return (
    <Row
      title={
        <>
          {name}
          {registration && <Badge tone="green">{t("settings.providers.registered")}</Badge>}
        </>
      }
      detail={
        registration
          ? t("settings.providers.as", { id: registration.client_id })
          : t("settings.providers.notRegistered")
      }
      actions={
        <>
          <Button size="xs" variant="default" aria-expanded={editing} onClick={() => setEditing(!editing)}>
            {t(registration ? "settings.edit" : "settings.providers.register")}
          </Button>
          {registration && (
            <ConfirmButton
              label={t("settings.providers.delete", { name })}
              icon={<IconTrash size={16} stroke={1.6} />}
              question={t("settings.providers.deleteQuestion", { name })}
              verb={t("settings.delete")}
              onConfirm={forget}
            />
          )}
        </>
      }
    >
      {editing && <ProviderForm view={view} onDone={() => setEditing(false)} />}
    </Row>
  );
}

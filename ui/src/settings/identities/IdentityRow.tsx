import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Identity } from "../../api/types";
import { Avatar } from "../../people/Avatar";
import { say, sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import { Badge, Row } from "../Rows";
import { changeIdentity, deleteIdentity, resendVerification } from "./api";
import { IdentityForm } from "./IdentityForm";

export function IdentityRow({ identity }: { identity: Identity }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const { name, address, channel, mailbox, verified_at, verification } = identity;
  const run = (work: () => Promise<unknown>, done?: string): void => {
    work()
      .then(() => queryClient.invalidateQueries({ queryKey: ["identities"] }))
      .then(() => done && say(done))
      .catch(sayError);
  };
  const waiting = verification.problem
    ? t("settings.identities.mailFailed", { problem: verification.problem })
    : channel
      ? t("settings.identities.openLink")
      : t("settings.identities.needsChannel");
  return (
    <Row
      lead={<Avatar name={name} address={address} />}
      title={
        <>
          {name}
          {identity.default && <Badge tone="plain">{t("settings.identities.default")}</Badge>}
          <Badge tone={verified_at ? "green" : "brass"}>
            {t(verified_at ? "settings.identities.verified" : "settings.identities.notVerified")}
          </Badge>
        </>
      }
      detail={
        <>
          {address} · {channel?.name ?? t("settings.identities.noChannel")}
          {mailbox && ` · ${mailbox.name}`}
          {!verified_at && <div>{waiting}</div>}
        </>
      }
      actions={
        <>
          {!verified_at && channel && (
            <Button
              size="xs"
              variant="light"
              onClick={() =>
                run(() => resendVerification(identity.id), t("settings.identities.linkSent", { address }))
              }
            >
              {t("settings.identities.resend")}
            </Button>
          )}
          {!identity.default && (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              onClick={() => run(() => changeIdentity(identity, { default: true }))}
            >
              {t("settings.identities.makeDefault")}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            aria-expanded={editing}
            aria-label={t("settings.editOne", { name: address })}
            onClick={() => setEditing(!editing)}
          >
            {t("settings.edit")}
          </Button>
          <ConfirmButton
            label={t("settings.identities.delete", { address })}
            icon={<IconTrash size={16} stroke={1.6} />}
            question={t("settings.identities.deleteQuestion", { address })}
            verb={t("settings.delete")}
            onConfirm={() => run(() => deleteIdentity(identity.id))}
          />
        </>
      }
    >
      {editing && <IdentityForm identity={identity} onDone={() => setEditing(false)} />}
    </Row>
  );
}

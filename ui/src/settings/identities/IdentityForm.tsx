import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Identity } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import { channelsQuery } from "../../channels/channels";
import { mailboxesQuery } from "../../mailboxes/mailboxes";
import { useSession } from "../../session/session";
import { say } from "../../toasts/toasts";
import panel from "../Panel.module.css";
import { Fields, Form, Problem } from "../Section";
import { changeIdentity, createIdentity } from "./api";
import { SignatureEditor } from "./SignatureEditor";

type Props = { identity: Identity | null; onDone: () => void };

/** A new identity, or the parts of one that may change: its address is what was verified, so that stays. */
export function IdentityForm({ identity, onDone }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const mailboxes = useQuery(mailboxesQuery).data?.items ?? [];
  const { busy, errors, problem, submit } = useSubmit();
  const [name, setName] = useState(identity?.name ?? user.name);
  const [address, setAddress] = useState(identity?.address ?? user.email);
  const [signature, setSignature] = useState(identity?.signature_html ?? "");
  const [chosen, setChosen] = useState<string | null | undefined>(identity?.channel?.id);
  const [named, setNamed] = useState<string | null | undefined>(
    identity ? (identity.mailbox?.id ?? null) : undefined,
  );
  // The only channel there is needs no choice, and so with mailboxes.
  const only = (of: { id: string }[]): string | null => (of.length === 1 ? (of[0]?.id ?? null) : null);
  const channel = chosen === undefined ? only(channels) : chosen;
  const mailbox = named === undefined ? only(mailboxes) : named;

  const save = async (): Promise<void> => {
    const parts = { name: name.trim(), signature_html: signature, channel_id: channel, mailbox_id: mailbox };
    const kept = await submit(async () => {
      await (identity
        ? changeIdentity(identity, parts)
        : createIdentity({ ...parts, address: address.trim() }));
      await queryClient.invalidateQueries({ queryKey: ["identities"] });
    });
    if (!kept) return;
    if (!identity && channel) say(t("settings.identities.linkSent", { address }));
    onDone();
  };
  return (
    <div className={panel.panel}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <>
            <Button type="submit" loading={busy}>
              {t(identity ? "settings.save" : "settings.identities.create")}
            </Button>
            <Button variant="default" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <Fields>
          <TextInput
            label={t("settings.identities.name")}
            value={name}
            error={errors.name}
            maxLength={200}
            autoComplete="name"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            type="email"
            label={t("settings.identities.address")}
            value={address}
            error={errors.address}
            disabled={identity !== null}
            maxLength={254}
            autoComplete="email"
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
        </Fields>
        <Select
          label={t("settings.identities.channel")}
          description={t(
            channels.length > 0 ? "settings.identities.channelHint" : "settings.identities.channelNone",
          )}
          placeholder={t("settings.identities.channelChoose")}
          data={channels.map(({ id, name }) => ({ value: id, label: name }))}
          value={channel}
          error={errors.channel_id}
          clearable
          onChange={setChosen}
        />
        <Select
          label={t("settings.identities.mailbox")}
          description={t(
            mailboxes.length > 0 ? "settings.identities.mailboxHint" : "settings.identities.mailboxNone",
          )}
          placeholder={t("settings.identities.mailboxChoose")}
          data={mailboxes.map(({ id, name }) => ({ value: id, label: name }))}
          value={mailbox}
          error={errors.mailbox_id}
          disabled={mailboxes.length === 0}
          clearable
          onChange={setNamed}
        />
        <SignatureEditor html={signature} error={errors.signature_html} onChange={setSignature} />
      </Form>
    </div>
  );
}

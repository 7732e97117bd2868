import { Button, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Channel, ChannelFeedback, WebhookProvider } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import channels from "../channels/Channels.module.css";
import { Form, Problem } from "../Section";
import { setFeedback } from "./api";
import { Learnt } from "./Learnt";

type Props = { channel: Channel; feedback: ChannelFeedback; onDone: () => void };

const PROVIDERS = [
  "ses",
  "sendgrid",
  "postmark",
  "mailgun",
  "sparkpost",
] as const satisfies readonly WebhookProvider[];

/** Where bounces come to, and which provider calls. */
export function FeedbackForm({ channel, feedback, onDone }: Props) {
  const { t } = useTranslation();
  const [domain, setDomain] = useState(feedback.return_domain ?? "");
  const [provider, setProvider] = useState<WebhookProvider | "">(feedback.webhook?.provider ?? "");
  const [secret, setSecret] = useState(feedback.webhook?.public_key ?? "");
  // What was saved last, to say so until something else is typed.
  const [saved, setSaved] = useState<string | null>(null);
  const typed = (key: string): string => JSON.stringify([domain, provider, key]);
  const { busy, errors, problem, submit } = useSubmit();
  // A topic and a public key are no secrets: whoever pastes one wants to see it, and compare it later.
  const shown = provider === "ses" || provider === "sendgrid" ? provider : null;
  const SecretInput = shown ? TextInput : PasswordInput;
  const choose = (chosen: WebhookProvider | ""): void => {
    setProvider(chosen);
    setSecret((chosen === feedback.webhook?.provider && feedback.webhook.public_key) || "");
  };
  const isKept = provider !== "" && provider === feedback.webhook?.provider;
  const save = async (): Promise<void> => {
    const kept = await submit(async () => {
      await setFeedback(channel.id, {
        return_domain: domain.trim() || null,
        webhook: provider === "" ? null : { provider, secret: shown ? secret : secret || null },
      });
      await queryClient.invalidateQueries({ queryKey: ["channels"] });
    });
    if (!kept) return;
    const left = shown ? secret : "";
    setSecret(left);
    setSaved(typed(left));
  };
  return (
    <Form
      onSubmit={() => void save()}
      buttons={
        <>
          {channel.editable && (
            <Button type="submit" loading={busy}>
              {t("settings.feedback.save")}
            </Button>
          )}
          <Button variant="subtle" color="gray" onClick={onDone}>
            {t("settings.cancel")}
          </Button>
          {/* The panel stays open: a toast would lie over the very button. */}
          <span role="status" className={channels.saved}>
            {saved === typed(secret) && t("settings.feedback.saved", { name: channel.name })}
          </span>
        </>
      }
    >
      {problem && <Problem>{problem}</Problem>}
      <p className={channels.below}>{t("settings.feedback.hint")}</p>
      <TextInput
        label={t("settings.feedback.returnDomain")}
        placeholder="bounces.example.com"
        description={t("settings.feedback.returnDomainHint")}
        inputWrapperOrder={["label", "input", "error", "description"]}
        autoComplete="off"
        spellCheck={false}
        readOnly={!channel.editable}
        value={domain}
        error={errors.return_domain}
        onChange={(event) => setDomain(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("settings.feedback.provider")}
        description={t("settings.feedback.providerHint")}
        inputWrapperOrder={["label", "input", "error", "description"]}
        disabled={!channel.editable}
        value={provider}
        data={[
          { value: "", label: t("settings.feedback.noProvider") },
          ...PROVIDERS.map((value) => ({ value, label: t(`settings.feedback.providers.${value}`) })),
        ]}
        onChange={(event) => choose(PROVIDERS.find((it) => it === event.currentTarget.value) ?? "")}
      />
      {provider !== "" && channel.editable && (
        <SecretInput
          label={t(`settings.feedback.secrets.${provider}`)}
          placeholder={isKept ? t("settings.channels.secretKept") : undefined}
          description={t(`settings.feedback.secretHints.${provider}`)}
          inputWrapperOrder={["label", "input", "error", "description"]}
          autoComplete={SecretInput === TextInput ? "off" : "new-password"}
          value={secret}
          error={errors.secret && shown ? t(`settings.feedback.secretWrong.${shown}`) : errors.secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
      )}
      <Learnt feedback={feedback} chosen={provider} />
    </Form>
  );
}

import { Button, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { ProviderView } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import { say } from "../../toasts/toasts";
import channels from "../channels/Channels.module.css";
import panel from "../Panel.module.css";
import { Fields, Form, Problem } from "../Section";
import { SecurityField } from "../server/SecurityField";
import { registerProvider } from "./api";
import { fieldsOf, inputOf, isElsewhere, type ProviderFields, withSecurity } from "./form";

type Props = { view: ProviderView; onDone: () => void };

/** What the workspace is registered as at a provider. */
export function ProviderForm({ view, onDone }: Props) {
  const { t } = useTranslation();
  const { provider, published, registration } = view;
  const [fields, setFields] = useState<ProviderFields>(() => fieldsOf(view));
  const [elsewhere, setElsewhere] = useState(() => isElsewhere(fields));
  const { busy, errors, problem, submit } = useSubmit();
  const set = (part: Partial<ProviderFields>) => setFields({ ...fields, ...part });
  const text = (
    field: Exclude<keyof ProviderFields, "port" | "security" | "client_secret">,
    placeholder?: string,
  ) => (
    <TextInput
      label={t(`settings.providers.${field}`)}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      value={fields[field]}
      error={errors[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  );
  const save = async (): Promise<void> => {
    const kept = await submit(async () => {
      await registerProvider(provider, inputOf(fields));
      await queryClient.invalidateQueries({ queryKey: ["mailboxes"] });
    });
    if (!kept) return;
    say(t("settings.providers.saved", { name: t(`settings.providers.names.${provider}`) }));
    onDone();
  };
  return (
    <div className={panel.panel}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <>
            <Button type="submit" loading={busy}>
              {t("settings.save")}
            </Button>
            <Button variant="subtle" color="gray" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <p className={channels.below}>{t(`settings.providers.places.${provider}`)}</p>
        <Fields>
          {text("client_id")}
          <PasswordInput
            label={t("settings.providers.client_secret")}
            placeholder={registration?.has_secret ? t("settings.channels.secretKept") : undefined}
            autoComplete="new-password"
            value={fields.client_secret}
            error={errors.client_secret}
            onChange={(event) => set({ client_secret: event.currentTarget.value })}
          />
        </Fields>
        {elsewhere ? (
          <>
            <p className={channels.legend}>{t("settings.providers.endpoints")}</p>
            <p className={channels.hint}>{t("settings.providers.endpointsHint")}</p>
            {text("authorization_url", published.authorization_url)}
            {text("token_url", published.token_url)}
            {text("scopes", published.scopes)}
            <Fields>
              {text("host", published.host)}
              <NumberInput
                label={t("settings.providers.port")}
                placeholder={String(published.port)}
                value={fields.port}
                error={errors.port}
                min={1}
                max={65535}
                allowDecimal={false}
                hideControls
                onChange={(port) => set({ port })}
              />
            </Fields>
            <SecurityField
              value={fields.security}
              onChange={(security) => setFields(withSecurity(fields, security))}
            />
          </>
        ) : (
          <div>
            <Button size="xs" variant="subtle" color="gray" onClick={() => setElsewhere(true)}>
              {t("settings.providers.endpoints")}
            </Button>
          </div>
        )}
      </Form>
    </div>
  );
}

import { Button, Checkbox, NumberInput, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Channel, ChannelTest, Security } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import { useSession } from "../../session/session";
import panel from "../Panel.module.css";
import { Fields, Form, Problem } from "../Section";
import { AuthFields } from "./AuthFields";
import { changeChannel, createChannel, testInput } from "./api";
import classes from "./Channels.module.css";
import { Conversation } from "./Conversation";
import { type ChannelFields, fieldsOf, inputOf, withPreset, withSecurity } from "./form";
import { LimitFields } from "./LimitFields";
import { PresetSelect } from "./PresetSelect";

type Props = { channel: Channel | null; onDone: () => void };

const securities: Security[] = ["tls", "starttls", "none"];

/** An SMTP account or relay: where it is, how to sign in, and how much it may send. */
export function ChannelForm({ channel, onDone }: Props) {
  const { t } = useTranslation();
  const { role, user } = useSession();
  const [fields, setFields] = useState<ChannelFields>(() => fieldsOf(channel, false, user.time_zone));
  const [test, setTest] = useState<ChannelTest | null>(null);
  const saving = useSubmit();
  const testing = useSubmit();
  const errors = { ...testing.errors, ...saving.errors };
  const problem = saving.problem ?? testing.problem;
  const set = (part: Partial<ChannelFields>) => setFields({ ...fields, ...part });

  const save = async (): Promise<void> => {
    const kept = await saving.submit(async () => {
      await (channel ? changeChannel(channel, inputOf(fields)) : createChannel(inputOf(fields)));
      await queryClient.invalidateQueries({ queryKey: ["channels"] });
    });
    if (kept) onDone();
  };
  const tryIt = async (): Promise<void> => {
    setTest(null);
    await testing.submit(async () => setTest(await testInput(inputOf(fields))));
  };

  return (
    <div className={panel.panel}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <>
            <Button type="submit" loading={saving.busy}>
              {t(channel ? "settings.save" : "settings.channels.create")}
            </Button>
            <Button variant="default" loading={testing.busy} onClick={() => void tryIt()}>
              {t("settings.channels.test")}
            </Button>
            <Button variant="subtle" color="gray" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        {channel === null && (
          <PresetSelect
            provider={fields.provider}
            onChoose={(preset) => setFields(withPreset(fields, preset))}
          />
        )}
        <TextInput
          label={t("settings.channels.name")}
          placeholder={fields.host}
          value={fields.name}
          error={errors.name}
          maxLength={100}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Fields>
          <TextInput
            label={t("settings.channels.host")}
            placeholder="smtp.example.com"
            value={fields.host}
            error={errors.host}
            maxLength={253}
            required
            withAsterisk={false}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => set({ host: event.currentTarget.value })}
          />
          <NumberInput
            label={t("settings.channels.port")}
            value={fields.port}
            error={errors.port}
            min={1}
            max={65535}
            allowDecimal={false}
            hideControls
            onChange={(port) => set({ port })}
          />
        </Fields>
        <div>
          <div className={classes.label}>{t("settings.channels.security")}</div>
          <SegmentedControl
            className={classes.segments}
            aria-label={t("settings.channels.security")}
            data={securities.map((value) => ({ value, label: t(`settings.channels.securities.${value}`) }))}
            value={fields.security}
            onChange={(security) => setFields(withSecurity(fields, security as Security))}
          />
        </div>
        {fields.security === "none" && <Problem>{t("settings.channels.onlyLoopback")}</Problem>}
        <AuthFields fields={fields} errors={errors} kept={channel?.has_secret ?? false} onChange={set} />
        <LimitFields fields={fields} errors={errors} onChange={set} />
        {role === "admin" && channel === null && (
          <Checkbox
            label={t("settings.channels.forTeam")}
            description={t("settings.channels.forTeamHint")}
            checked={fields.team}
            onChange={(event) => set({ team: event.currentTarget.checked })}
          />
        )}
        {test && <Conversation test={test} />}
      </Form>
    </div>
  );
}

import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Channel, ChannelTest } from "../../api/types";
import { useSession } from "../../session/session";
import { ServerFields } from "../server/ServerFields";
import { ServerForm } from "../server/ServerForm";
import { AuthFields } from "./AuthFields";
import { changeChannel, createChannel, testChannel, testInput } from "./api";
import { Conversation } from "./Conversation";
import { type ChannelFields, checkedInput, fieldsOf, withPreset, withSecurity } from "./form";
import { LimitFields } from "./LimitFields";
import { PresetSelect } from "./PresetSelect";

type Props = { channel: Channel | null; onDone: () => void };

/** An SMTP account or relay: where it is, how to sign in, and how much it may send. */
export function ChannelForm({ channel, onDone }: Props) {
  const { t } = useTranslation();
  const { role, user } = useSession();
  const [fields, setFields] = useState<ChannelFields>(() => fieldsOf(channel, false, user.time_zone));

  const keep = async (): Promise<void> => {
    const input = checkedInput(fields);
    await (channel ? changeChannel(channel, input) : createChannel(input));
    await queryClient.invalidateQueries({ queryKey: ["channels"] });
  };

  const test = async (): Promise<ChannelTest> => {
    const input = checkedInput(fields);
    return channel ? testChannel(channel.id, input) : testInput(input);
  };

  return (
    <ServerForm
      fields={fields}
      onChange={setFields}
      keepLabel={t(channel ? "settings.save" : "settings.channels.create")}
      keep={keep}
      test={test}
      onDone={onDone}
      outcome={(outcome) => <Conversation test={outcome} />}
    >
      {(errors, set) => (
        <>
          {channel === null && (
            <PresetSelect
              provider={fields.provider}
              onChoose={(preset) => setFields(withPreset(fields, preset))}
            />
          )}
          <ServerFields
            fields={fields}
            errors={errors}
            example="smtp.example.com"
            onChange={set}
            onSecurity={(security) => setFields(withSecurity(fields, security))}
          />
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
        </>
      )}
    </ServerForm>
  );
}

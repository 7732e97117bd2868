import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ChannelPreset, Provider } from "../../api/types";
import { channelPresetsQuery } from "../../channels/channels";
import classes from "./Channels.module.css";

type Props = { provider: Provider; onChoose: (preset: ChannelPreset) => void };

/** Where the account is: what is known of the provider is filled in, and all of it can be changed. */
export function PresetSelect({ provider, onChoose }: Props) {
  const { t } = useTranslation();
  const presets = useQuery(channelPresetsQuery).data?.items ?? [];
  const chosen = presets.find((preset) => preset.provider === provider);
  return (
    <div>
      <Select
        label={t("settings.channels.provider")}
        data={presets.map(({ provider }) => ({
          value: provider,
          label: t(`settings.channels.providers.${provider}`),
        }))}
        value={provider}
        allowDeselect={false}
        maxDropdownHeight={320}
        onChange={(value) => {
          const preset = presets.find(({ provider }) => provider === value);
          if (preset) onChoose(preset);
        }}
      />
      {chosen?.source && (
        <p className={classes.below}>
          {t(`settings.channels.providerNotes.${chosen.provider as Exclude<Provider, "own_server">}`)}{" "}
          <a href={chosen.source} target="_blank" rel="noreferrer">
            {t("settings.channels.providerSource")}
          </a>
        </p>
      )}
    </div>
  );
}

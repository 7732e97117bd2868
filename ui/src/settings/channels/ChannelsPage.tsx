import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../channels/channels";
import { EmptyState } from "../../states/EmptyState";
import { Loaded } from "../Loaded";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { ChannelForm } from "./ChannelForm";
import { ChannelRow } from "./ChannelRow";

/** How mail leaves: one's own channels and the team's, with their limits. */
export default function ChannelsPage() {
  const { t } = useTranslation();
  const query = useQuery(channelsQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus stroke={1.6} />} onClick={() => setAdding(true)}>
      {t("settings.channels.add")}
    </Button>
  );
  return (
    <Section
      title={t("settings.channels.title")}
      hint={t("settings.channels.hint")}
      action={!adding && (query.data?.items.length ?? 0) > 0 && add}
    >
      {adding && <ChannelForm channel={null} onDone={() => setAdding(false)} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            <Rows label={t("settings.channels.title")}>
              {items.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} />
              ))}
            </Rows>
          ) : (
            !adding && (
              <EmptyState title={t("settings.channels.empty")} hint={t("settings.channels.emptyHint")}>
                {add}
              </EmptyState>
            )
          )
        }
      </Loaded>
    </Section>
  );
}

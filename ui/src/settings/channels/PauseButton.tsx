import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { Confirm } from "../ConfirmButton";
import { pauseChannel, resumeChannel } from "./api";

type Props = { channel: Channel; running: boolean; run: (work: () => Promise<unknown>) => void };

/** Pauses a channel, or lets it go on. After a restore it asks first: what is due may have left before. */
export function PauseButton({ channel, running, run }: Props) {
  const { t } = useTranslation();
  const { id, name, paused } = channel;
  const isResting = channel.state === "paused";
  const due = paused?.reason === "restored" ? paused.due : 0;
  const change = (): void => run(() => (isResting ? resumeChannel(id) : pauseChannel(id)));
  return (
    <Confirm
      question={t("settings.channels.resumeQuestion", { name, count: due })}
      verb={t("settings.channels.resumeAndSend", { count: due })}
      back={t("settings.cancel")}
      onConfirm={change}
    >
      {(ask) => (
        <Button
          size="xs"
          variant={isResting ? "light" : "default"}
          loading={running}
          aria-label={t(isResting ? "settings.channels.resumeOne" : "settings.channels.pauseOne", { name })}
          leftSection={isResting ? <IconPlayerPlay stroke={1.6} /> : <IconPlayerPause stroke={1.6} />}
          onClick={due > 0 ? ask : change}
        >
          {t(isResting ? "settings.channels.resume" : "settings.channels.pause")}
        </Button>
      )}
    </Confirm>
  );
}

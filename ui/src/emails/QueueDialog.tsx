import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Keys } from "../commands/Keys";
import { useNow } from "../times/now";
import { forecastAction } from "./api";
import { idsOf } from "./chosen";
import classes from "./QueueDialog.module.css";
import { mostForetold, type Queueing, sayForecast } from "./queueing";

type Props = { queueing: Queueing; timeZone: string; onClose: () => void; onConfirm: () => void };

/** Before several emails are queued at once: when the last of them leaves, and what holds it. */
export function QueueDialog({ queueing: { kind, chosen, at }, timeZone, onClose, onConfirm }: Props) {
  const { t } = useTranslation();
  const now = useNow(20_000);
  const ids = idsOf(chosen);
  const count = ids.length;
  const tooMany = count > mostForetold;
  const extras = { at: at?.toISOString(), folder: chosen.folder };
  const { data, isPending } = useQuery({
    queryKey: ["emails", "forecast", kind, ids, extras],
    queryFn: () => forecastAction(kind, ids, extras),
    enabled: !tooMany,
    retry: false,
    gcTime: 0,
  });
  return (
    <Modal opened onClose={onClose} title={t(`emails.queue.titles.${kind}`)} size={400} padding="md">
      <p className={classes.sentence} aria-live="polite" data-pending={(isPending && !tooMany) || undefined}>
        {data
          ? sayForecast(data, now, timeZone)
          : t(tooMany ? "emails.queue.tooMany" : "emails.queue.counting", { count })}
      </p>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("settings.cancel")}
        </Button>
        <Button
          data-autofocus
          disabled={data?.count === 0}
          rightSection={<Keys of="enter" tone="filled" />}
          onClick={onConfirm}
        >
          {t(`emails.queue.confirms.${kind}`, { count: data?.count ?? count })}
        </Button>
      </div>
    </Modal>
  );
}

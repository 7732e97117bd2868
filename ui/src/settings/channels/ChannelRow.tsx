import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Channel, ChannelTest } from "../../api/types";
import { say, sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import { FeedbackPanel } from "../feedback/FeedbackPanel";
import { Hears } from "../feedback/Hears";
import { Badge, Row } from "../Rows";
import { deleteChannel, testChannel } from "./api";
import { ChannelForm } from "./ChannelForm";
import classes from "./Channels.module.css";
import { Conversation } from "./Conversation";
import { PauseButton } from "./PauseButton";
import { PausedNote } from "./PausedNote";
import { sayLimits } from "./sayLimits";

/** One channel: where it leads, what it may send, and whether it is sending. */
export function ChannelRow({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const [listening, setListening] = useState(false);
  const [testing, setTesting] = useState(false);
  // Until the list says otherwise: the second half of a double click would take back what the first one did.
  const [running, setRunning] = useState(false);
  const [test, setTest] = useState<ChannelTest | null>(null);
  const paused = channel.state === "paused";
  const run = (work: () => Promise<unknown>, done?: string): void => {
    setRunning(true);
    work()
      .then(() => queryClient.invalidateQueries({ queryKey: ["channels"] }))
      .then(() => done && say(done))
      .catch(sayError)
      .finally(() => setRunning(false));
  };
  const runTest = (): void => {
    setTesting(true);
    setTest(null);
    testChannel(channel.id)
      .then(setTest)
      .catch(sayError)
      .finally(() => setTesting(false));
  };
  return (
    <Row
      title={
        <>
          {channel.name}
          <Badge tone={paused ? "brass" : "green"}>{t(`settings.channels.${channel.state}`)}</Badge>
          {channel.owner === null && <Badge tone="plain">{t("settings.channels.team")}</Badge>}
        </>
      }
      detail={
        <>
          <span className="qd-mono">
            {channel.host}:{channel.port}
          </span>{" "}
          · {t(`settings.channels.securities.${channel.security}`)}
          {channel.username && ` · ${channel.username}`}
          <div>{[sayUsage(), ...sayLimits(channel.limits)].join(" · ")}</div>
          <Hears of={channel.hears_of} />
        </>
      }
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            loading={testing}
            aria-label={t("settings.channels.testOne", { name: channel.name })}
            onClick={runTest}
          >
            {t("settings.channels.test")}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-expanded={listening}
            aria-label={t("settings.feedback.openLabel", { name: channel.name })}
            onClick={() => setListening(!listening)}
          >
            {t("settings.feedback.open")}
          </Button>
          {channel.editable && (
            <>
              <PauseButton channel={channel} running={running} run={run} />
              <Button
                size="xs"
                variant="default"
                aria-expanded={editing}
                aria-label={t("settings.editOne", { name: channel.name })}
                onClick={() => setEditing(!editing)}
              >
                {t("settings.edit")}
              </Button>
              <ConfirmButton
                label={t("settings.channels.delete", { name: channel.name })}
                icon={<IconTrash size={16} stroke={1.6} />}
                question={t("settings.channels.deleteQuestion", {
                  name: channel.name,
                  count: channel.waiting,
                })}
                verb={t("settings.delete")}
                onConfirm={() => run(() => deleteChannel(channel.id))}
              />
            </>
          )}
        </>
      }
    >
      {channel.paused && <PausedNote paused={channel.paused} waiting={channel.waiting} />}
      {test && (
        <div className={classes.test}>
          <Conversation test={test} />
          <Button size="xs" variant="subtle" color="gray" onClick={() => setTest(null)}>
            {t("settings.channels.hideTest")}
          </Button>
        </div>
      )}
      {listening && <FeedbackPanel channel={channel} onDone={() => setListening(false)} />}
      {editing && <ChannelForm channel={channel} onDone={() => setEditing(false)} />}
    </Row>
  );

  function sayUsage(): string {
    const limit = channel.limits.per_day;
    const used =
      limit === null
        ? t("settings.channels.usedToday", { count: channel.used_today })
        : t("settings.channels.usedOf", {
            used: channel.used_today.toLocaleString(),
            limit: limit.toLocaleString(),
          });
    return channel.waiting > 0
      ? `${used}, ${t("settings.channels.waiting", { count: channel.waiting })}`
      : used;
  }
}

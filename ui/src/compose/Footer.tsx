import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Check } from "../api/types";
import { Keys } from "../commands/Keys";
import classes from "./Footer.module.css";
import { sayStop } from "./sayCheck";

type Props = {
  blocking: Check | null;
  /** Something that passes by itself: a file on its way, a conflict to settle. */
  waiting: string | null;
  sending: boolean;
  undoSeconds: number;
  onSend: () => void;
  onMend: (field: Check["field"]) => void;
  onDiscard: () => void;
  children: ReactNode;
};

/** Send, what stands in the way of it, and what else can become of the draft. */
export function Footer({
  blocking,
  waiting,
  sending,
  undoSeconds,
  onSend,
  onMend,
  onDiscard,
  children,
}: Props) {
  const { t } = useTranslation();
  const stopped = blocking !== null || waiting !== null;
  return (
    <footer className={classes.foot}>
      <Button
        size="md"
        disabled={stopped}
        loading={sending}
        aria-describedby="compose-send-note"
        rightSection={<Keys of="mod+enter" tone={stopped ? "plain" : "filled"} />}
        onClick={onSend}
      >
        {t("compose.send")}
      </Button>
      <span id="compose-send-note" className={classes.note} aria-live="polite">
        {blocking ? (
          <button type="button" className={classes.mend} onClick={() => onMend(blocking.field)}>
            {sayStop(blocking)}
          </button>
        ) : (
          (waiting ??
          (undoSeconds > 0 ? t("compose.undoFor", { seconds: undoSeconds }) : t("compose.noUndo")))
        )}
      </span>
      <Tooltip label={t("compose.discard")}>
        <ActionIcon aria-label={t("compose.discard")} onClick={onDiscard}>
          <IconTrash size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {children}
    </footer>
  );
}

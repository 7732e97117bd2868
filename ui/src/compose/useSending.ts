import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../api/queries";
import { undoAction } from "../emails/api";
import { sayError, sayWithUndo } from "../toasts/toasts";
import { deleteEmail, sendEmail } from "./api";
import { nameOf } from "./content";
import type { Draft } from "./draft/useDraft";
import { closeCompose, openCompose } from "./open";

/** What ends the writing: send, send at a time, or throw away. Each can be taken back from its toast. */
export function useSending(draft: Draft) {
  const { t } = useTranslation();
  const [sending, setSending] = useState(false);
  const { autosave, refresh } = draft;

  const finish = async (
    id: string,
    message: string,
    action: { id: string | null; undo_until: string | null },
    timed: boolean,
  ) => {
    closeCompose();
    void queryClient.invalidateQueries({ queryKey: ["emails"] });
    const actionId = action.id;
    if (actionId === null) return;
    sayWithUndo({
      message,
      deadline: timed ? action.undo_until : null,
      emailId: timed ? id : undefined,
      undo: () => takeBack(id, actionId),
    });
  };

  /** Sends with the undo window, or at `at`, which `said` puts into words. */
  const send = async (at: { time: Date; said: string } | null): Promise<void> => {
    if (sending) return;
    setSending(true);
    try {
      await autosave.flush();
      const { phase, server, content, problem } = autosave.state;
      if (phase === "conflict") return;
      if (phase !== "saved" || !server) throw problem;
      const { action } = await sendEmail(server.id, server.version, at?.time ?? null);
      const name = content.to ? nameOf(content.to) : "";
      const message = at
        ? t("compose.scheduledFor", { name, time: at.said })
        : t("compose.sendingTo", { name });
      await finish(server.id, message, action, at === null);
    } catch (error) {
      sayError(error);
      // What the server objected to now stands in the draft's checks.
      await refresh().catch(() => {});
    } finally {
      setSending(false);
    }
  };

  const discard = async (): Promise<void> => {
    try {
      await autosave.flush();
      const id = autosave.state.server?.id;
      if (!id) {
        closeCompose();
        return;
      }
      const action = await deleteEmail(id);
      await finish(id, t("compose.discarded"), action, false);
    } catch (error) {
      sayError(error);
    }
  };

  return { sending, send, discard };
}

async function takeBack(emailId: string, actionId: string): Promise<void> {
  try {
    await undoAction(actionId);
    openCompose({ kind: "draft", id: emailId });
  } catch (error) {
    sayError(error);
  }
  await queryClient.invalidateQueries({ queryKey: ["emails"] });
}

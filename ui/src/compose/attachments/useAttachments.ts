import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sayProblem } from "../../api/words";
import { useSession } from "../../session/session";
import { removeFile, uploadFile } from "../api";
import type { Draft } from "../draft/useDraft";
import { encodedSize, formatBytes, messageSize, whichFit } from "../size";

export type Upload = { key: number; name: string; size: number; problem: string | null };

let uploads = 0;

/** Files on their way to the draft: weighed before a byte is sent, one sentence for each that cannot go. */
export function useAttachments(draft: Draft) {
  const { t, i18n } = useTranslation();
  const limit = useSession().max_encoded_bytes;
  const [pending, setPending] = useState<Upload[]>([]);
  const { state, autosave, refresh } = draft;
  const everything = state.server?.email.attachments ?? [];
  const size = (bytes: number) => formatBytes(bytes, i18n.language);

  const mark = (key: number, problem: string | null): void =>
    setPending((list) => list.map((one) => (one.key === key ? { ...one, problem } : one)));
  const dismiss = (key: number): void => setPending((list) => list.filter((one) => one.key !== key));

  const begin = (file: File, problem: string | null): number => {
    uploads += 1;
    const upload = { key: uploads, name: file.name, size: file.size, problem };
    setPending((list) => [...list, upload]);
    return upload.key;
  };

  /** Uploads the files one by one and gives the addresses of those that arrived. */
  const add = async (files: File[], inline: boolean): Promise<string[]> => {
    const waiting = pending.filter(({ problem }) => problem === null);
    const { fits, tooLarge } = whichFit(files, state.content.body_html, [...everything, ...waiting], limit);
    for (const file of tooLarge) {
      const params = { size: size(file.size), encoded: size(encodedSize(file.size)), limit: size(limit) };
      const alone = encodedSize(file.size) > limit;
      begin(file, t(alone ? "compose.attachments.tooLarge" : "compose.attachments.noRoom", params));
    }
    const started = fits.map((file) => ({ file, key: begin(file, null) }));
    const urls: string[] = [];
    for (const { file, key } of started) {
      try {
        const id = await idOfDraft(draft);
        const { url } = await uploadFile(id, file, inline);
        urls.push(url);
        await refresh();
        dismiss(key);
      } catch (error) {
        mark(key, sayProblem(error));
      }
    }
    return urls;
  };

  const remove = async (attachmentId: string): Promise<void> => {
    const id = autosave.state.server?.id;
    if (!id) return;
    await removeFile(id, attachmentId);
    await refresh();
  };

  return {
    /** Images of the body are shown there, and weigh all the same. */
    attached: everything.filter(({ inline }) => !inline),
    pending,
    add,
    remove,
    dismiss,
    total: messageSize(state.content.body_html, everything),
    limit,
    uploading: pending.some(({ problem }) => problem === null),
  };
}

export type Attachments = ReturnType<typeof useAttachments>;

/** Files belong to a draft on the server, so that it has to exist first, even without words. */
async function idOfDraft({ autosave }: Draft): Promise<string> {
  await autosave.keep();
  const id = autosave.state.server?.id;
  if (!id) throw autosave.state.problem;
  return id;
}

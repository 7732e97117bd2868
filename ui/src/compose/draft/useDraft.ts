import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { onLiveChange } from "../../live/connection";
import { readEmail } from "../api";
import { asServerDraft, type DraftContent, isEmpty, type ServerDraft, sameContent } from "../content";
import { Autosave } from "./autosave";
import type { LoadedDraft } from "./load";
import { saveDraft } from "./save";
import type { Shelf } from "./shelf";

/** The draft in the window. `generation` grows whenever its words were replaced from outside the editors. */
export function useDraft(loaded: LoadedDraft, shelf: Shelf) {
  const [autosave] = useState(() => begin(loaded, shelf));
  const [generation, setGeneration] = useState(0);
  const state = useSyncExternalStore(autosave.subscribe, () => autosave.state);

  const change = useCallback(
    (part: Partial<DraftContent>) => autosave.change({ ...autosave.state.content, ...part }),
    [autosave],
  );
  const replace = useCallback(
    (content: DraftContent) => {
      autosave.change(content);
      setGeneration((count) => count + 1);
    },
    [autosave],
  );
  const takeTheirs = useCallback(() => {
    const mine = autosave.takeTheirs();
    setGeneration((count) => count + 1);
    return mine;
  }, [autosave]);
  const refresh = useCallback(async () => {
    const id = autosave.state.server?.id;
    if (!id) return;
    const other = autosave.adopt(asServerDraft(await readEmail(id)));
    if (other) setGeneration((count) => count + 1);
  }, [autosave]);

  useEffect(() => {
    const leave = () => document.visibilityState === "hidden" && void autosave.flush();
    const online = () => void autosave.flush();
    document.addEventListener("visibilitychange", leave);
    window.addEventListener("online", online);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      window.removeEventListener("online", online);
      void autosave.flush();
    };
  }, [autosave]);

  useEffect(
    () =>
      onLiveChange(({ topics, email_ids }) => {
        const id = autosave.state.server?.id;
        const mine = id !== undefined && email_ids.includes(id);
        // A draft that cannot be read now is found out by the next save, which says why.
        if (mine || topics.includes("channels") || topics.includes("identities")) refresh().catch(() => {});
      }),
    [autosave, refresh],
  );

  return { state, change, replace, takeTheirs, refresh, autosave, generation };
}

export type Draft = ReturnType<typeof useDraft>;

function begin({ start, server, kept }: LoadedDraft, shelf: Shelf) {
  const autosave = new Autosave<DraftContent, ServerDraft>({
    save: saveDraft,
    shelf: shelf.place(Date.now()),
    worthKeeping: (content) => !isEmpty(content),
    same: (a, b) => sameContent(a.content, b.content),
    start,
    base: server,
  });
  if (kept && !sameContent(kept.content, start)) {
    if (server && kept.version !== server.version) autosave.meet(server, kept.content);
    else autosave.change(kept.content);
  }
  return autosave;
}

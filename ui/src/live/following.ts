import { useEffect } from "react";
import { queryClient } from "../api/queries";
import type { LiveChange, LiveTopic } from "../api/types";
import { connectLive, disconnectLive, onLiveChange } from "./connection";
import { queryKeys } from "./topics";

/** A burst of changes is fetched once. */
const gatherFor = 400;

/** Keeps what is on screen true for as long as the signed-in pages are open. */
export function useFollowing(): void {
  useEffect(() => {
    const topics = new Set<LiveTopic>();
    let gathering: ReturnType<typeof setTimeout> | undefined;

    const fetchChanged = (): void => {
      gathering = undefined;
      const changed = [...topics];
      topics.clear();
      for (const queryKey of changed.flatMap((topic) => queryKeys[topic]))
        void queryClient.invalidateQueries({ queryKey });
    };
    const onChange = (change: LiveChange): void => {
      for (const topic of change.topics) topics.add(topic);
      gathering ??= setTimeout(fetchChanged, gatherFor);
    };

    connectLive();
    const stop = onLiveChange(onChange);
    return () => {
      stop();
      clearTimeout(gathering);
      disconnectLive();
    };
  }, []);
}

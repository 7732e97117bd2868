import { useEffect } from "react";
import { api } from "../api/client";
import { queryClient } from "../api/queries";
import type { LiveChange } from "../api/types";
import { connectLive, disconnectLive, doubtLive, onLiveChange } from "./connection";
import { gather } from "./gather";
import { takeForStale } from "./stale";
import { queryKeys, slowKeys } from "./topics";

/** A burst of changes is fetched once, in milliseconds; what is counted from all of them less often. */
const gatherFor = 400;
const countFor = 4000;

/** Keeps what is on screen true for as long as the signed-in pages are open. */
export function useFollowing(): void {
  useEffect(() => {
    const soon = gather(gatherFor, (topics) => {
      const keys = topics.flatMap((topic) => queryKeys[topic]);
      takeForStale(queryClient, keys);
    });
    const later = gather(countFor, (topics) => {
      const keys = topics.flatMap((topic) => slowKeys[topic] ?? []);
      takeForStale(queryClient, keys, true);
    });
    const onChange = ({ topics }: LiveChange): void => {
      soon.add(topics);
      later.add(topics.filter((topic) => slowKeys[topic]));
    };

    connectLive();
    const stop = onLiveChange(onChange);
    const doubts = { onResponse: ({ response }: { response: Response }) => doubtAfter(response) };
    api.use(doubts);
    return () => {
      api.eject(doubts);
      stop();
      soon.stop();
      later.stop();
      disconnectLive();
    };
  }, []);
}

function doubtAfter({ status }: Response): void {
  // 502, 503 and 504 are about the server as a whole, 500 about what was asked.
  if (status >= 500) void doubtLive({ unavailable: status > 500 });
}

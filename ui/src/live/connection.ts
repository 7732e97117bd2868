import { useSyncExternalStore } from "react";
import { isServerReady } from "../api/ready";
import type { LiveChange } from "../api/types";
import { everyTopic } from "./topics";

/** How the page hears of changes: connected, or trying again at a time. */
export type LiveState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "reconnecting"; retryAt: number; lostAt: number };

type OnChange = (change: LiveChange) => void;

const listeners = new Set<() => void>();
const changeListeners = new Set<OnChange>();
let state: LiveState = { kind: "connecting" };
let stream: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

function become(next: LiveState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Waits longer after each failure, up to half a minute. */
export function pauseAfter(failures: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.max(0, failures - 1));
}

export function connectLive(): void {
  clearTimeout(retry);
  stream?.close();
  const opened = new EventSource("/api/v1/live");
  stream = opened;
  opened.addEventListener("hello", () => {
    failures = 0;
    become({ kind: "live" });
    // What happened while nobody listened is unknown, also since the page was loaded: everything may have changed.
    announce({ topics: everyTopic, email_ids: [] });
  });
  opened.addEventListener("change", (event) => announce(JSON.parse(event.data)));
  opened.addEventListener("error", () => {
    opened.close();
    if (stream !== opened) return;
    tryLater();
    // The stream does not say why it ended; the session may have, too.
    announce({ topics: ["session"], email_ids: [] });
  });
}

function tryLater(): void {
  failures += 1;
  const now = Date.now();
  const pause = pauseAfter(failures);
  become({
    kind: "reconnecting",
    retryAt: now + pause,
    lostAt: state.kind === "reconnecting" ? state.lostAt : now,
  });
  retry = setTimeout(connectLive, pause);
}

/**
 * The server failed at something although its stream stands, as it does without a database. Only when it says of itself
 * that it cannot answer, which it may just have done, is the connection given up: one endpoint that fails does not make
 * everything else stale.
 */
export async function doubtLive(said: { unavailable: boolean }): Promise<void> {
  const doubted = stream;
  if (state.kind !== "live" || (!said.unavailable && (await isServerReady()))) return;
  if (stream !== doubted || state.kind !== "live") return;
  doubted?.close();
  tryLater();
}

export function disconnectLive(): void {
  clearTimeout(retry);
  stream?.close();
  stream = null;
  state = { kind: "connecting" };
}

function announce(change: LiveChange): void {
  for (const listener of changeListeners) listener(change);
}

/** Calls back with every committed change until the returned function is called. */
export function onLiveChange(listener: OnChange): () => void {
  changeListeners.add(listener);
  return () => changeListeners.delete(listener);
}

export function liveState(): LiveState {
  return state;
}

export function useLive(): LiveState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, liveState);
}

import { useSyncExternalStore } from "react";

/** What a person did while the server was out of reach, in order; sent on when it is back. */
type Job = () => Promise<void>;

let jobs: readonly Job[] = [];
const listeners = new Set<() => void>();

function become(next: readonly Job[]): void {
  jobs = next;
  for (const listener of listeners) listener();
}

/** Keeps a job; the returned function forgets it again, as long as it was not sent on. */
export function keepForLater(job: Job): () => void {
  become([...jobs, job]);
  return () => become(jobs.filter((other) => other !== job));
}

/** Sends on what waits. A job that fails for want of a connection keeps itself again. */
export async function sendWaiting(): Promise<void> {
  const waiting = jobs;
  become([]);
  for (const job of waiting) await job();
}

export function useWaitingActions(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => jobs.length,
  );
}

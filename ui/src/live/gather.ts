import type { LiveTopic } from "../api/types";

/** Collects topics from the first one on, for so many milliseconds, and hands them over together. */
export function gather(pause: number, fetch: (topics: LiveTopic[]) => void) {
  const gathered = new Set<LiveTopic>();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const handOver = (): void => {
    waiting = undefined;
    const topics = [...gathered];
    gathered.clear();
    fetch(topics);
  };
  return {
    add: (topics: LiveTopic[]): void => {
      for (const topic of topics) gathered.add(topic);
      if (topics.length > 0) waiting ??= setTimeout(handOver, pause);
    },
    stop: (): void => clearTimeout(waiting),
  };
}

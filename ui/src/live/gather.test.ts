import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveTopic } from "../api/types";
import { gather } from "./gather";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a stream of changes is handed over once in each pause, each topic once", () => {
  const handed: LiveTopic[][] = [];
  const gathering = gather(4000, (topics) => handed.push(topics));
  for (let second = 0; second < 10; second += 1) {
    gathering.add(["emails", "counts"]);
    vi.advanceTimersByTime(1000);
  }
  expect(handed).toEqual([
    ["emails", "counts"],
    ["emails", "counts"],
  ]);
  gathering.stop();
});

test("what concerns nobody wakes nobody, and nothing comes after the end", () => {
  const hand = vi.fn();
  const gathering = gather(400, hand);
  gathering.add([]);
  vi.advanceTimersByTime(1000);
  gathering.add(["emails"]);
  gathering.stop();
  vi.advanceTimersByTime(1000);
  expect(hand).not.toHaveBeenCalled();
});

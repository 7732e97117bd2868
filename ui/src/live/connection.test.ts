import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveChange } from "../api/types";
import { connectLive, disconnectLive, doubtLive, liveState, onLiveChange } from "./connection";
import { queryKeys } from "./topics";

/** A stream that says what a test lets it say. */
class Stream extends EventTarget {
  static opened: Stream[] = [];
  close = vi.fn();
  constructor() {
    super();
    Stream.opened.push(this);
  }
  says(kind: string, data?: LiveChange): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
}

let heard: LiveChange[];
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Stream);
  Stream.opened = [];
  heard = [];
});
afterEach(() => {
  disconnectLive();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function last(): Stream {
  const stream = Stream.opened.at(-1);
  if (stream === undefined) throw new Error("nothing was opened");
  return stream;
}

const topicsHeard = () =>
  heard
    .splice(0)
    .flatMap(({ topics }) => topics)
    .sort();
const everything = Object.keys(queryKeys).sort();

test("who listens at last takes everything for changed, at first and once the connection is back", () => {
  const stop = onLiveChange((change) => heard.push(change));
  connectLive();
  expect(heard).toEqual([]);
  last().says("hello");
  expect(topicsHeard()).toEqual(everything);

  last().says("error");
  expect(heard.splice(0)).toEqual([{ topics: ["session"], email_ids: [] }]);
  vi.advanceTimersByTime(1000);
  expect(Stream.opened.length).toBe(2);
  last().says("hello");
  expect(topicsHeard()).toEqual(everything);
  stop();
});

test("an old stream says nothing any more, and tries pause longer each time", () => {
  connectLive();
  const [first] = Stream.opened;
  connectLive();
  first?.says("error");
  vi.advanceTimersByTime(60_000);
  expect(Stream.opened.length).toBe(2);

  last().says("error");
  vi.advanceTimersByTime(1000);
  last().says("error");
  vi.advanceTimersByTime(1999);
  expect(Stream.opened.length).toBe(3);
  vi.advanceTimersByTime(1);
  expect(Stream.opened.length).toBe(4);
});

test("a stream that stands is given up when the server says that it cannot answer, and only then", async () => {
  const ready = vi.fn(async () => new Response(null, { status: 200 }));
  vi.stubGlobal("fetch", ready);
  connectLive();
  last().says("hello");
  await doubtLive({ unavailable: false });
  expect(liveState().kind).toBe("live");

  ready.mockImplementation(async () => new Response(null, { status: 503 }));
  await doubtLive({ unavailable: false });
  expect(liveState().kind).toBe("reconnecting");
  expect(last().close).toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(Stream.opened.length).toBe(2);
  last().says("hello");
  expect(liveState().kind).toBe("live");

  ready.mockClear();
  await doubtLive({ unavailable: true });
  expect(liveState().kind).toBe("reconnecting");
  expect(ready).not.toHaveBeenCalled();
});

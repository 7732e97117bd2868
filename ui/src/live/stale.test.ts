import { QueryClient, type QueryKey, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takeForStale } from "./stale";
import { everyTopic, queryKeys, slowKeys } from "./topics";

let client: QueryClient;
let asked: string[];
let stops: (() => void)[];
beforeEach(() => {
  client = new QueryClient();
  asked = [];
  stops = [];
});
afterEach(() => {
  for (const stop of stops) stop();
  client.clear();
});

/** Shows what these keys name, and forgets that it was asked for at first. */
async function show(...keys: QueryKey[]): Promise<void> {
  for (const queryKey of keys) {
    const queryFn = () => asked.push(queryKey.join("/"));
    stops.push(new QueryObserver(client, { queryKey, queryFn }).subscribe(() => {}));
  }
  await vi.waitFor(() => expect(asked.length).toBe(keys.length));
  asked.length = 0;
}

const requests = async (): Promise<string[]> => {
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  return asked.splice(0).sort();
};

test("when everything may have changed, all that is on screen is asked for once", async () => {
  await show(
    ["session"],
    ["emails", "counts"],
    ["emails", "list", "scheduled"],
    ["emails", "details", "e"],
    ["stops", "person", "p"],
    ["channels"],
    ["feed"],
  );
  takeForStale(
    client,
    everyTopic.flatMap((topic) => queryKeys[topic]),
  );
  expect(await requests()).toEqual([
    "channels",
    "emails/counts",
    "emails/details/e",
    "emails/list/scheduled",
    "feed",
    "session",
    "stops/person/p",
  ]);
});

test("what no topic concerns is not asked for", async () => {
  await show(["session"], ["emails", "counts"], ["emails", "list", "delivered"], ["identities"]);
  takeForStale(client, [...queryKeys.counts, ...queryKeys.stops]);
  expect(await requests()).toEqual(["emails/counts"]);
  takeForStale(client, [...queryKeys.mailboxes, ...queryKeys.domains]);
  expect(await requests()).toEqual(["session"]);
});

test("whom mail goes to again is told beside what was undelivered", async () => {
  await show(["emails", "list", "bounced"], ["emails", "details", "e"], ["emails", "list", "delivered"]);
  takeForStale(client, queryKeys.stops);
  expect(await requests()).toEqual(["emails/details/e", "emails/list/bounced"]);
});

test("the figures that change with nearly everything do not take along what stands below their key", async () => {
  await show(["channels"], ["channels", "providers"], ["emails", "counts"]);
  const keys = everyTopic.flatMap((topic) => slowKeys[topic] ?? []);
  takeForStale(client, keys, true);
  expect(await requests()).toEqual(["channels"]);
});

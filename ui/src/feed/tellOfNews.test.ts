import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../i18n";
import { queryClient } from "../api/queries";
import type { EmailRow, FeedEntry } from "../api/types";
import * as server from "./api";
import { noteTold } from "./notify";
import { tellOfNews } from "./tellOfNews";

const shown = vi.fn();
class Desktop {
  static permission = "granted";
  constructor(title: string) {
    shown(title);
  }
}

const email = { id: "a", subject: "Pricing", person: { name: "Marta Silva" } } as EmailRow;
const reply = (minute: number): FeedEntry => {
  const at = `2026-04-14T14:0${minute}:00Z`;
  return {
    kind: "replied",
    email_id: "a",
    shown_at: at,
    new: true,
    place: null,
    event: { id: at, at, kind: "replied", data: {} },
  };
};

/** What the server says from now on: this reply is the newest of so many. */
function comes(newest: FeedEntry, count: number): void {
  vi.spyOn(server, "feedPage").mockResolvedValue({
    items: [newest],
    emails: [email],
    as_of: newest.shown_at,
    next_cursor: null,
  });
  queryClient.setQueryData(server.newsQuery.queryKey, { count, next_at: null }, { updatedAt: ++updates });
}
let updates: number;

beforeEach(() => {
  updates = Date.now();
  shown.mockClear();
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.stubGlobal("Notification", Desktop);
  vi.stubGlobal("window", { isSecureContext: true, Notification: Desktop });
  vi.stubGlobal("document", { hasFocus: () => false });
  noteTold("2026-04-14T14:00:00Z");
  queryClient.setQueryDefaults(server.newsQuery.queryKey, { staleTime: Number.POSITIVE_INFINITY });
});
afterEach(() => {
  queryClient.clear();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("with 99+ unread the desktop is still told of each new doing, and once", async () => {
  comes(reply(0), server.MAX_NEW);
  const stop = tellOfNews(() => {});
  comes(reply(1), server.MAX_NEW);
  await vi.waitFor(() => expect(shown).toHaveBeenCalledTimes(1));
  comes(reply(2), server.MAX_NEW);
  await vi.waitFor(() => expect(shown).toHaveBeenCalledTimes(2));
  comes(reply(2), server.MAX_NEW);
  await vi.waitFor(() => expect(server.feedPage).toHaveBeenCalledTimes(4));
  expect(shown).toHaveBeenCalledTimes(2);
  stop();
  comes(reply(3), server.MAX_NEW);
  expect(server.feedPage).toHaveBeenCalledTimes(4);
});

test("nothing is asked for while nothing is new, or while the browser was not allowed to tell", () => {
  const stop = tellOfNews(() => {});
  comes(reply(1), 0);
  expect(server.feedPage).not.toHaveBeenCalled();
  Desktop.permission = "denied";
  comes(reply(1), 3);
  expect(server.feedPage).not.toHaveBeenCalled();
  Desktop.permission = "granted";
  stop();
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EmailAction } from "../api/types";
import { doubtLive } from "../live/connection";
import { beginProgress } from "../toasts/progress";
import { say, sayError, sayWithUndo } from "../toasts/toasts";
import { act } from "./actions";
import * as server from "./api";
import { sendWaiting } from "./waitingActions";

vi.mock("../live/connection");
vi.mock("../toasts/progress");
vi.mock("../toasts/toasts");
vi.mock("./api");
vi.mock("./cache");
vi.mock("../i18n", () => ({
  i18next: { t: (key: string, words?: object) => [key, ...Object.values(words ?? {})].join(" ") },
}));

const ids = [...Array(1200).keys()].map(String);
const chosen = { rows: [], others: ids, folder: "draft" as const };
const progress = { show: vi.fn(), isCancelled: vi.fn(() => false), end: vi.fn() };

beforeEach(() => {
  vi.mocked(beginProgress).mockReturnValue(progress);
  vi.mocked(server.actOn).mockImplementation(
    async (action, changed): Promise<EmailAction> => ({
      id: `action of ${changed[0]}`,
      action,
      changed,
      skipped: [],
      undo_until: null,
    }),
  );
  vi.mocked(server.undoAction).mockResolvedValue({ restored: ["0"], skipped: [] });
});
afterEach(() => {
  vi.resetAllMocks();
  progress.isCancelled.mockReturnValue(false);
});

/** What the toast that offers to undo says, and what its button does. */
function offered(): { message: string; undo: () => Promise<void> } {
  expect(sayWithUndo).toHaveBeenCalledTimes(1);
  const [toast] = vi.mocked(sayWithUndo).mock.calls[0] ?? [];
  if (toast === undefined) throw new Error("nothing was offered");
  return toast;
}

test("a whole folder is done in portions, as one thing that is undone as one, the latest first", async () => {
  expect(await act("delete", chosen)).toEqual(ids);
  const calls = vi.mocked(server.actOn).mock.calls;
  expect(calls.map(([, portion]) => portion.length)).toEqual([400, 400, 400]);
  expect(calls.flatMap(([, portion]) => portion)).toEqual(ids);
  expect(calls.every(([, , extras]) => extras.folder === "draft")).toBe(true);
  expect(progress.show).toHaveBeenLastCalledWith(expect.stringContaining("800 1,200"), 800, 1200);
  expect(progress.end).toHaveBeenCalledTimes(1);

  const { message, undo } = offered();
  expect(message).toBe("emails.done.delete 1200");
  await undo();
  const undone = vi.mocked(server.undoAction).mock.calls.map(([id]) => id);
  expect(undone).toEqual(["action of 800", "action of 400", "action of 0"]);
});

test("what was cancelled stays as it is, and what was done before can be undone", async () => {
  progress.isCancelled.mockReturnValueOnce(false).mockReturnValue(true);
  expect(await act("delete", chosen)).toHaveLength(400);
  expect(say).toHaveBeenCalledWith("emails.progress.left 800");
  const { message, undo } = offered();
  expect(message).toBe("emails.done.delete 400");
  progress.isCancelled.mockReturnValue(false);
  await undo();
  expect(server.undoAction).toHaveBeenCalledTimes(1);
});

test("what the server refuses in the middle ends it, and what was done before can be undone", async () => {
  const refusal = new Error("refused");
  const done: EmailAction = {
    id: "a",
    action: "delete",
    changed: ids.slice(0, 400),
    skipped: [],
    undo_until: null,
  };
  vi.mocked(server.actOn).mockReset().mockResolvedValueOnce(done).mockRejectedValueOnce(refusal);
  expect(await act("delete", chosen)).toHaveLength(400);
  expect(sayError).toHaveBeenCalledWith(refusal);
  expect(offered().message).toBe("emails.done.delete 400");
});

test("few emails are done at once, without progress", async () => {
  await act("archive", { rows: [], others: ids.slice(0, 300) });
  expect(server.actOn).toHaveBeenCalledTimes(1);
  expect(beginProgress).not.toHaveBeenCalled();
  expect(offered().message).toBe("emails.done.archive 300");
});

test("what no connection was there for is sent when there is one again, and is undone with the rest", async () => {
  vi.mocked(server.actOn).mockRejectedValueOnce(new TypeError("Failed to fetch"));
  expect(await act("archive", { rows: [], others: ["7"] })).toEqual([]);
  expect(doubtLive).toHaveBeenCalledWith({ unavailable: true });
  expect(sayError).not.toHaveBeenCalled();
  await sendWaiting();
  expect(server.actOn).toHaveBeenCalledTimes(2);
  await offered().undo();
  expect(server.undoAction).toHaveBeenCalledWith("action of 7");
});

test("what still waits for a connection is forgotten by an undo", async () => {
  vi.mocked(server.actOn).mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await act("archive", { rows: [], others: ["7"] });
  await offered().undo();
  await sendWaiting();
  expect(server.actOn).toHaveBeenCalledTimes(1);
  expect(server.undoAction).not.toHaveBeenCalled();
});

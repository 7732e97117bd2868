import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Autosave, type Saved } from "./autosave";

type Words = { text: string };
const saved = (text: string, version: number): Saved<Words> => ({ id: "e1", version, content: { text } });

function writing(save: (words: Words, base: Saved<Words> | null) => Promise<unknown>) {
  const shelf = { put: vi.fn(), drop: vi.fn() };
  const autosave = new Autosave<Words, Saved<Words>>({
    save: save as never,
    shelf,
    worthKeeping: (words) => words.text !== "",
    same: (a, b) => a.content.text === b.content.text,
    start: { text: "" },
    base: null,
  });
  return { autosave, shelf };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a draft saves itself", () => {
  it("a moment after the last key", async () => {
    const save = vi.fn(async (words: Words) => ({ kind: "saved", server: saved(words.text, 1) }));
    const { autosave } = writing(save);
    autosave.change({ text: "H" });
    await vi.advanceTimersByTimeAsync(500);
    autosave.change({ text: "Hi" });
    await vi.advanceTimersByTimeAsync(500);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(400);
    expect(save).toHaveBeenCalledExactlyOnceWith({ text: "Hi" }, null);
    expect(autosave.state.phase).toBe("saved");
  });

  it("keeps the words in the browser until the server has confirmed them", async () => {
    const { autosave, shelf } = writing(async (words) => ({ kind: "saved", server: saved(words.text, 1) }));
    autosave.change({ text: "Hi" });
    expect(shelf.put).toHaveBeenLastCalledWith(null, { text: "Hi" });
    expect(shelf.drop).not.toHaveBeenCalled();
    await autosave.flush();
    expect(shelf.drop).toHaveBeenCalledWith(null);
  });

  it("saves again what was written while it was saving, on the version it got", async () => {
    let finish = (_: unknown) => {};
    const save = vi
      .fn()
      .mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)))
      .mockImplementationOnce(async (words: Words) => ({ kind: "saved", server: saved(words.text, 2) }));
    const { autosave } = writing(save);
    autosave.change({ text: "Hi" });
    const flushed = autosave.flush();
    autosave.change({ text: "Hi Marta" });
    finish({ kind: "saved", server: saved("Hi", 1) });
    await flushed;
    expect(save).toHaveBeenLastCalledWith({ text: "Hi Marta" }, saved("Hi", 1));
    expect(autosave.state).toMatchObject({ phase: "saved", server: { version: 2 } });
  });

  it("tries again by itself when the server cannot be reached", async () => {
    const save = vi
      .fn()
      .mockResolvedValueOnce({ kind: "failed", again: true, problem: "offline" })
      .mockImplementationOnce(async (words: Words) => ({ kind: "saved", server: saved(words.text, 1) }));
    const { autosave } = writing(save);
    autosave.change({ text: "Hi" });
    await autosave.flush();
    expect(autosave.state.phase).toBe("failed");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(autosave.state.phase).toBe("saved");
  });

  it("makes no draft of nothing", async () => {
    const save = vi.fn();
    const { autosave, shelf } = writing(save);
    autosave.change({ text: "H" });
    autosave.change({ text: "" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(save).not.toHaveBeenCalled();
    expect(shelf.drop).toHaveBeenCalledWith(null);
  });

  it("does not repeat what the server refused, until it is changed", async () => {
    const save = vi.fn().mockResolvedValue({ kind: "failed", again: false, problem: "too long" });
    const { autosave } = writing(save);
    autosave.change({ text: "Hi" });
    await autosave.flush();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(save).toHaveBeenCalledTimes(1);
  });
});

describe("a draft changed in another tab", () => {
  const conflicting = () => {
    const save = vi
      .fn()
      .mockResolvedValueOnce({ kind: "saved", server: saved("Hi", 1) })
      .mockResolvedValueOnce({ kind: "conflict", current: saved("Hello from the other tab", 2) })
      .mockImplementation(async (words: Words) => ({ kind: "saved", server: saved(words.text, 3) }));
    return { save, ...writing(save) };
  };

  it("waits for a decision and loses neither", async () => {
    const { autosave, save } = conflicting();
    autosave.change({ text: "Hi" });
    await autosave.flush();
    autosave.change({ text: "Hi Marta" });
    await autosave.flush();
    expect(autosave.state).toMatchObject({
      phase: "conflict",
      content: { text: "Hi Marta" },
      theirs: { version: 2 },
    });
    autosave.change({ text: "Hi Marta!" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it("keeps mine on top of theirs when asked", async () => {
    const { autosave, save } = conflicting();
    autosave.change({ text: "Hi" });
    await autosave.flush();
    autosave.change({ text: "Hi Marta" });
    await autosave.flush();
    await autosave.keepMine();
    expect(save).toHaveBeenLastCalledWith({ text: "Hi Marta" }, saved("Hello from the other tab", 2));
  });

  it("takes theirs, and gives mine back on a second thought", async () => {
    const { autosave } = conflicting();
    autosave.change({ text: "Hi" });
    await autosave.flush();
    autosave.change({ text: "Hi Marta" });
    await autosave.flush();
    const mine = autosave.takeTheirs();
    expect(autosave.state).toMatchObject({ phase: "saved", content: { text: "Hello from the other tab" } });
    expect(mine).toEqual({ text: "Hi Marta" });
  });

  it("is no conflict when only the version moved", async () => {
    const save = vi
      .fn()
      .mockResolvedValueOnce({ kind: "saved", server: saved("Hi", 1) })
      .mockResolvedValueOnce({ kind: "conflict", current: saved("Hi", 2) })
      .mockImplementation(async (words: Words) => ({ kind: "saved", server: saved(words.text, 3) }));
    const { autosave } = writing(save);
    autosave.change({ text: "Hi" });
    await autosave.flush();
    autosave.change({ text: "Hi Marta" });
    await autosave.flush();
    expect(autosave.state).toMatchObject({ phase: "saved", server: { version: 3 } });
  });
});

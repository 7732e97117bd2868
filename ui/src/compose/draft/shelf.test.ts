import { describe, expect, it } from "vitest";
import { emptyContent } from "../content";
import { Shelf } from "./shelf";

/** A storage without a browser; the keys are enumerable, as in a browser. */
function memory(): Storage {
  const methods = {
    setItem(this: Record<string, string>, key: string, value: string) {
      this[key] = value;
    },
    getItem(this: Record<string, string>, key: string) {
      return this[key] ?? null;
    },
    removeItem(this: Record<string, string>, key: string) {
      delete this[key];
    },
  };
  return Object.create(methods) as Storage;
}

const words = { ...emptyContent([], true), subject: "Hello" };

describe("unsaved words", () => {
  it("wait under the draft's id with the version they were written on", () => {
    const shelf = new Shelf("u1", memory());
    shelf.place(1).put({ id: "e1", version: 4 }, words);
    expect(shelf.get("e1")).toEqual({ content: words, version: 4 });
    shelf.place(1).drop({ id: "e1", version: 5 });
    expect(shelf.get("e1")).toBeNull();
  });

  it("of two new drafts do not cover each other", () => {
    const shelf = new Shelf("u1", memory());
    shelf.place(1).put(null, words);
    shelf.place(2).put(null, words);
    expect(shelf.waiting()).toEqual([
      { id: "new-1", isNew: true },
      { id: "new-2", isNew: true },
    ]);
  });

  it("of another user on the same computer stay out of sight", () => {
    const storage = memory();
    new Shelf("u1", storage).place(1).put(null, words);
    expect(new Shelf("u2", storage).waiting()).toEqual([]);
  });

  it("that cannot be read are no words", () => {
    const storage = memory();
    storage.setItem("quarterdeck.draft.u1.e1", "{broken");
    expect(new Shelf("u1", storage).get("e1")).toBeNull();
  });
});

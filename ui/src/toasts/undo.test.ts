import { describe, expect, it } from "vitest";
import { dropOffer, offer, undoSendOf } from "./undo";

describe("what sends one email", () => {
  it("is taken back by the email, the latest first, and only once", () => {
    const undone: string[] = [];
    const offered = (name: string, emailId?: string) =>
      offer({ until: null, emailId, undo: async () => void undone.push(name) });
    offered("sent", "one");
    offered("sent again", "one");
    const archived = offered("archived");
    expect(undoSendOf("two")).toBe(false);
    expect(undoSendOf("one")).toBe(true);
    expect(undone).toEqual(["sent again"]);
    expect(undoSendOf("one")).toBe(true);
    expect(undoSendOf("one")).toBe(false);
    expect(undone).toEqual(["sent again", "sent"]);
    dropOffer(archived.id);
  });
});

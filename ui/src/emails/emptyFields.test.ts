import { expect, test } from "vitest";
import type { EmailRow, FailureReason } from "../api/types";
import { emptyFields, emptyIn } from "./emptyFields";

// Whose fields are empty anyway.
const person = { id: "p", name: "Marta Silva" } as EmailRow["person"];

const failed = (param: string | null, reason: FailureReason = "unresolved_field") => ({
  person,
  identity: { id: "i", name: "Elena", address: "elena@northlight.example" },
  failure: { reason, param, code: null, server_text: null, retry_may_help: false, held_back: null },
});

test("every field of the person that was empty is asked for once", () => {
  expect(emptyFields(failed("company"))).toEqual(["company"]);
  expect(emptyFields(failed("first_name, name, title"))).toEqual(["first_name", "last_name", "title"]);
});

test("where filling in the person would not do, it is not offered", () => {
  expect(emptyFields(failed("company, sender_name"))).toEqual([]);
  expect(emptyFields(failed(null))).toEqual([]);
  expect(emptyFields(failed("company", "mailbox_full"))).toEqual([]);
  expect(emptyFields({ ...failed("company"), person: null })).toEqual([]);
});

test("what is empty is filled in where it belongs, the sender's first", () => {
  expect(emptyIn(failed("company"))).toBe("person");
  expect(emptyIn(failed("sender_name"))).toBe("sender");
  expect(emptyIn(failed("company, sender_name"))).toBe("sender");
  expect(emptyIn({ ...failed("sender_name"), person: null })).toBe("sender");
  expect(emptyIn(failed("company", "mailbox_full"))).toBeNull();
});

test("what belongs to nobody that the email knows takes other words", () => {
  expect(emptyIn({ ...failed("company"), person: null })).toBe("words");
  expect(emptyIn({ ...failed("sender_name"), identity: null })).toBe("words");
  expect(emptyIn(failed("company, season"))).toBe("words");
  expect(emptyIn(failed(null))).toBe("words");
});

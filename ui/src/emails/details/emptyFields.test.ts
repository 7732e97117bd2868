import { expect, test } from "vitest";
import type { EmailRow, FailureReason } from "../../api/types";
import { emptyFields } from "./emptyFields";

const person: EmailRow["person"] = {
  id: "p",
  name: "Marta Silva",
  company: null,
  title: null,
  phone: null,
  linkedin_url: null,
  time_zone: null,
};

const failed = (param: string | null, reason: FailureReason = "unresolved_field") => ({
  person,
  failure: { reason, param, code: null, server_text: null, retry_may_help: false },
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

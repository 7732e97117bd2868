import type { EmailRow } from "../api/types";

/** What of a person fills a dynamic field. */
const filledBy = {
  first_name: ["first_name"],
  last_name: ["last_name"],
  name: ["first_name", "last_name"],
  company: ["company"],
  title: ["title"],
  phone: ["phone"],
} as const;

type PersonField = (typeof filledBy)[keyof typeof filledBy][number];

const ofSender: ReadonlySet<string> = new Set(["sender_name", "sender_first_name", "sender_email"]);

type Row = Pick<EmailRow, "failure" | "person" | "identity">;

function namesOf({ failure }: Row): string[] {
  return (failure?.param ?? "").split(", ");
}

const isOfPerson = (name: string): name is keyof typeof filledBy => name in filledBy;

/**
 * Where dynamic fields that were empty can be filled in before the email goes once more: in its identity, on its person, or
 * nowhere, so that only other words help. `null` where that is not what stopped it.
 */
export function emptyIn(row: Row): "sender" | "person" | "words" | null {
  if (row.failure?.reason !== "unresolved_field") return null;
  const names = namesOf(row);
  const canBeFilled = (name: string): boolean =>
    ofSender.has(name) ? row.identity !== null : isOfPerson(name) && row.person !== null;
  if (!names.every(canBeFilled)) return "words";
  return names.some((name) => ofSender.has(name)) ? "sender" : "person";
}

/** What has to be filled in on the person, where that is all. */
export function emptyFields(row: Row): PersonField[] {
  if (emptyIn(row) !== "person") return [];
  const fields = namesOf(row).filter(isOfPerson);
  return [...new Set(fields.flatMap((name) => filledBy[name]))];
}

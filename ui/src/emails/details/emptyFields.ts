import type { EmailRow } from "../../api/types";

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

/** What has to be filled in on the person before an email can leave; nothing where that is not what stopped it, or not all. */
export function emptyFields({ failure, person }: Pick<EmailRow, "failure" | "person">): PersonField[] {
  if (failure?.reason !== "unresolved_field" || person === null) return [];
  const names = (failure.param ?? "").split(", ");
  const known = names.filter((name): name is keyof typeof filledBy => name in filledBy);
  if (known.length < names.length) return [];
  return [...new Set(known.flatMap((name) => filledBy[name]))];
}

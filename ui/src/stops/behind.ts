import type { EmailRow, Stop } from "../api/types";

/** The stop that says of the address what this email's own reason says: the two are one matter. */
export function stopBehind(
  email: Pick<EmailRow, "failure" | "status" | "to_address">,
  stops: Stop[],
): Stop | null {
  const cause = causeOf(email);
  const concerns = (stop: Stop): boolean =>
    stop.whole_person || stop.address.toLowerCase() === email.to_address?.toLowerCase();
  return stops.find((stop) => stop.cause === cause && concerns(stop)) ?? null;
}

function causeOf({ failure, status }: Pick<EmailRow, "failure" | "status">): Stop["cause"] | null {
  switch (failure?.reason) {
    case "no_such_mailbox":
    case "no_such_domain":
    case "address_bounced":
      return "hard_bounce";
    case "unsubscribed":
      return "unsubscribed";
    case "spam_complaint":
    case "complained":
      return "complaint";
    default:
      return status === "spam" ? "complaint" : null;
  }
}

import { expect, test } from "vitest";
import type { EmailDetails, EmailEvent } from "../../api/types";
import { sayWhose } from "./said";

const at = "2026-04-14T12:00:00Z";
const event = (kind: EmailEvent["kind"], data: EmailEvent["data"]): EmailEvent => ({
  id: kind,
  at,
  kind,
  data,
});
const email = (events: EmailEvent[], wait: EmailDetails["wait"] = null) => ({ events, wait });
const wait = (reason: "unreachable" | "server_asked"): EmailDetails["wait"] => ({
  reason,
  until: at,
  server_text: "said",
  attempt: 1,
});

test("a server's words stand under its name, our own under no server's", () => {
  const attempted = event("attempted", { channel: "Mail" });
  const refused = event("bounced", { server: "smtp.harbour.example", reply: "550 5.1.1 no such mailbox" });
  expect(sayWhose(email([refused, attempted]))).toBe("What smtp.harbour.example said");

  const broke = event("deferred", { server: "smtp.harbour.example", detail: "nothing answers" });
  expect(sayWhose(email([broke, attempted, refused], wait("unreachable")))).toBe("What went wrong");
  expect(sayWhose(email([broke]))).toBe("What went wrong");

  const later = event("bounced", { sentence: "the mailbox is full", received_id: "r" });
  expect(sayWhose(email([later]))).toBe("What the server said");
});

import { expect, test } from "vitest";
import "../i18n";
import { sayAway, sayServer, sayWay } from "./words";

const now = Date.parse("2026-12-20T12:00:00Z");

test("who is away says until when, and in which year if it is another", () => {
  expect(sayAway({ back_on: "2026-12-31" }, now)).toBe("Away until 31 Dec");
  expect(sayAway({ back_on: "2027-01-12" }, now)).toBe("Away until 12 Jan 2027");
  expect(sayAway({ back_on: null, has_left: true }, now)).toBe("Does not work there any more");
  expect(sayAway({ back_on: null }, now)).toBeNull();
});

test("the way something came by has its name", () => {
  expect(sayWay({ via: "mailbox", mailbox: "Work", channel: null })).toBe("Found in the mailbox Work");
  expect(sayWay({ via: "webhook", mailbox: null, channel: "SES" })).toBe("Told by the provider of SES");
  expect(sayWay({ via: "port", mailbox: null, channel: null })).toBe("Came back to the return address");
});

test("a server's sentence stands after its codes, as far as there are any", () => {
  expect(sayServer("550 5.1.1", "no such user")).toBe("550 5.1.1 no such user");
  expect(sayServer(null, "over quota")).toBe("over quota");
  expect(sayServer("5.2.2", null)).toBe("5.2.2");
});

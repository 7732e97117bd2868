import type { Received } from "../api/types";
import { i18next } from "../i18n";
import { locale } from "../times/format";

/** "Away until 12 Jan", or that the person has left; `null` when nothing of the kind is known. */
export function sayAway(of: { back_on?: string | null; has_left?: boolean }, now: number): string | null {
  if (of.has_left) return i18next.t("conversation.hasLeft");
  if (!of.back_on) return null;
  return i18next.t("conversation.away", { date: sayDay(of.back_on, now) });
}

/** A day of the calendar: it has no time zone. */
function sayDay(day: string, now: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  const sameYear = at.getUTCFullYear() === new Date(now).getUTCFullYear();
  return new Intl.DateTimeFormat(locale(), {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** By which way it came: from which mailbox, or from which channel's provider. */
export function sayWay({ via, mailbox, channel }: Pick<Received, "via" | "mailbox" | "channel">): string {
  const { t } = i18next;
  if (via === "port") return t("conversation.ways.port");
  if (via === "mailbox")
    return mailbox ? t("conversation.ways.mailbox", { name: mailbox }) : t("conversation.ways.mailboxPlain");
  return channel ? t("conversation.ways.webhook", { name: channel }) : t("conversation.ways.webhookPlain");
}

/** A server's sentence after its codes, which are kept apart. */
export function sayServer(code: string | null | undefined, sentence: string | null | undefined): string {
  return [code, sentence].filter(Boolean).join(" ");
}

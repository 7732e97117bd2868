import type { EmailRow, FeedEntry, FeedPage } from "../api/types";
import { nameOf, subjectOf } from "../emails/words";
import { sayDetail, sayEntry } from "./words";

const place = "quarterdeck.feed.told";

/** At most so many at once; more than that is said by the panel. */
const most = 3;

/** What the desktop is told of: settled doings of people, not told yet, and not older than what was told last. */
export function worthTelling(page: FeedPage, toldUntil: string | null): FeedEntry[] {
  const people = new Set(["viewed", "clicked", "replied"]);
  return page.items
    .filter((entry) => people.has(entry.kind) && (entry.event.data.verdict ?? "human") === "human")
    .filter((entry) => entry.new && (toldUntil === null || entry.shown_at > toldUntil))
    .slice(0, most);
}

/** One notification for an entry: who, what, and with which email. */
export function sayNotification(
  entry: FeedEntry,
  email: EmailRow,
  now: number,
): { title: string; body: string } {
  const what = [sayEntry(entry, 1), sayDetail(entry, now)].filter(Boolean).join(" · ");
  return { title: nameOf(email), body: `${what}\n${subjectOf(email)}` };
}

/** What the browser says to notifications. `default`: it was not asked, or nobody answered. */
export type Permission = NotificationPermission | "impossible";

export function permission(): Permission {
  return canNotify() ? Notification.permission : "impossible";
}

/** Asks the browser, unless it has an answer already. */
export async function askToNotify(): Promise<Permission> {
  return canNotify() ? await Notification.requestPermission() : "impossible";
}

function canNotify(): boolean {
  return window.isSecureContext && "Notification" in window;
}

/** Up to when this browser has told; shared by its tabs, so that only one of them speaks. */
export function toldUntil(): string | null {
  return localStorage.getItem(place);
}

export function noteTold(until: string): void {
  localStorage.setItem(place, until);
}

/** Shows what is worth telling. Who looks at the page sees it there. */
export function tellDesktop(page: FeedPage, now: number, onOpen: (email: EmailRow) => void): void {
  const told = toldUntil();
  const worth = worthTelling(page, told);
  noteTold(page.as_of);
  // What happened before somebody asked to be told is no news.
  if (told === null || document.hasFocus()) return;
  const emails = new Map(page.emails.map((email) => [email.id, email]));
  for (const entry of worth) {
    const email = emails.get(entry.email_id);
    if (email === undefined) continue;
    const { title, body } = sayNotification(entry, email, now);
    // The same tag from another tab replaces this one instead of standing beside it.
    const shown = new Notification(title, { body, tag: entry.event.id, icon: "/mark.svg" });
    shown.onclick = () => {
      window.focus();
      onOpen(email);
      shown.close();
    };
  }
}

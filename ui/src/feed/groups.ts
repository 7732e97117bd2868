import type { EmailRow, FeedEntry, FeedPage } from "../api/types";
import { daysApart } from "../times/format";
import { isAutomatic } from "./words";

/** The same thing done once or several times with one email. */
export type FeedLine = { key: string; latest: FeedEntry; count: number; isNew: boolean; email: EmailRow };

/** What one person did on one day. */
export type FeedGroup = { key: string; email: EmailRow; lines: FeedLine[] };

/** A day, and everybody who did something on it, the latest first. */
export type FeedDay = { key: string; at: number; groups: FeedGroup[] };

/**
 * The entries by day and by person. What stands on an earlier page never moves into a later one: a person may have a group on
 * each, so that nothing moves under the hand.
 */
export function groupFeed(
  pages: FeedPage[],
  now: number,
  timeZone: string,
  fresh: ReadonlySet<string>,
): FeedDay[] {
  const days: FeedDay[] = [];
  pages.forEach((page, number) => {
    const emails = new Map(page.emails.map((email) => [email.id, email]));
    const groups = new Map<string, FeedGroup>();
    for (const entry of page.items) {
      const email = emails.get(entry.email_id);
      if (email === undefined) continue;
      const at = Date.parse(entry.event.at);
      const day = dayOf(days, at, now, timeZone);
      const key = `${number} ${day.key} ${email.person?.id ?? email.to_address ?? email.id}`;
      let group = groups.get(key);
      if (group === undefined) {
        group = { key, email, lines: [] };
        groups.set(key, group);
        day.groups.push(group);
      }
      add(group, entry, email, entry.new || fresh.has(entry.event.id));
    }
  });
  return days;
}

function dayOf(days: FeedDay[], at: number, now: number, timeZone: string): FeedDay {
  const key = String(daysApart(at, now, timeZone));
  const last = days.at(-1);
  if (last?.key === key) return last;
  const day: FeedDay = { key, at, groups: [] };
  days.push(day);
  return day;
}

function add(group: FeedGroup, entry: FeedEntry, email: EmailRow, isNew: boolean): void {
  const { verdict, why, url } = entry.event.data;
  // Of machines the reason tells one from another, of people the place.
  const who = isAutomatic(entry) ? why : entry.place;
  const same = [entry.kind, entry.email_id, verdict, who, url].join(" ");
  const line = group.lines.find(({ key }) => key === same);
  // Answers have words of their own; views and clicks are only counted.
  if (line && (entry.kind === "viewed" || entry.kind === "clicked")) {
    line.count += 1;
    line.isNew ||= isNew;
  } else group.lines.push({ key: line ? entry.event.id : same, latest: entry, count: 1, isNew, email });
}

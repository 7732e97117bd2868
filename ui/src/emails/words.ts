import type { EmailActivity, EmailRow, Limits, WaitReason } from "../api/types";
import { i18next } from "../i18n";
import { cityOf, clockIn } from "../times/format";
import { ruleFor } from "./domainRules";
import { emptyIn } from "./emptyFields";
import { heldOtherwise } from "./heldBack";

export function nameOf(row: Pick<EmailRow, "person" | "to_address">): string {
  return row.person?.name || row.to_address || i18next.t("emails.nobody");
}

/** What the avatar is drawn from: a question mark for nobody yet. */
export function initialsFrom(row: Pick<EmailRow, "person" | "to_address">): string {
  return row.person || row.to_address ? nameOf(row) : "?";
}

export function subjectOf(row: Pick<EmailRow, "subject">): string {
  return row.subject || i18next.t("emails.noSubject");
}

/** When a scheduled email is expected to leave; `null` when nobody can know. */
export function expectedAt(row: Pick<EmailRow, "wait" | "due_at">): number | null {
  const until = row.wait === null ? row.due_at : row.wait.until;
  return until === null ? null : Date.parse(until);
}

const limitReasons: ReadonlySet<WaitReason> = new Set([
  "limit_per_minute",
  "limit_per_day",
  "batch_pause",
  "limit_per_domain",
]);

/** Whether it is a limit of the channel that mail waits for. */
export function isLimit(reason: WaitReason | null): boolean {
  return reason !== null && limitReasons.has(reason);
}

/** Where the figure of a limit of the whole channel stands. */
const figures = {
  limit_per_minute: "per_minute",
  limit_per_day: "per_day",
  batch_pause: "batch_size",
} as const;

const hasFigure = (reason: WaitReason): reason is keyof typeof figures => reason in figures;

type Words = { channel: string; domain: string };

/** Which limit an email waits for, in figures; `null` where they are not known. */
function sayLimit(reason: WaitReason, { channel, domain }: Words, limits: Limits | null): string | null {
  if (reason === "limit_per_domain") return sayDomainLimit(domain, limits);
  if (!hasFigure(reason)) return null;
  const limit = limits?.[figures[reason]] ?? null;
  return limit === null ? null : i18next.t(`emails.waits.${reason}.figure`, { channel, limit });
}

function sayDomainLimit(domain: string, limits: Limits | null): string | null {
  const { per_minute: minute = null, per_day: day = null } =
    ruleFor(domain, limits?.domain_rules ?? []) ?? {};
  if (minute !== null && day !== null)
    return i18next.t("emails.waits.limit_per_domain.both", { domain, minute, day });
  if (minute !== null) return i18next.t("emails.waits.limit_per_domain.perMinute", { domain, minute });
  return day === null ? null : i18next.t("emails.waits.limit_per_domain.perDay", { domain, day });
}

/** A limit of 0 lets nothing through, however long one waits. */
function sayNever(reason: WaitReason, words: Words): string {
  return reason === "limit_per_domain"
    ? i18next.t("emails.waits.limit_per_domain.zero", words)
    : i18next.t("emails.limitOfZero", words);
}

/**
 * Why an email waits: a title, and a second line, with the figure where the `limits` of its channel are known. `short` is both
 * in the room of one: a limit says what it is by its figure. `timeZone` is the one in which the time is told beside it.
 */
export function sayWait(
  row: EmailRow,
  timeZone: string,
  limits: Limits | null,
): { title: string; hint: string; short: string } {
  const { wait } = row;
  if (wait === null)
    return inShort(i18next.t("emails.waits.ready.title"), i18next.t("emails.waits.ready.hint"));
  const { reason } = wait;
  if (reason === "your_time") return sayYourTime(row, timeZone);
  const words = {
    channel: row.channel?.name ?? i18next.t("emails.theChannel"),
    domain: domainOf(row.to_address),
    attempt: Math.max(1, wait.attempt),
  };
  const title = i18next.t(`emails.waits.${reason}.title`);
  const withServer = (hint: string): string =>
    wait.server_text ? `${firstLine(wait.server_text)} · ${hint}` : hint;
  const hint = i18next.t(`emails.waits.${reason}.hint`, words);
  if (!isLimit(reason)) return inShort(title, withServer(hint));
  const limit = wait.until === null ? sayNever(reason, words) : (sayLimit(reason, words, limits) ?? hint);
  return { title, hint: withServer(limit), short: limit };
}

/** A time that was chosen stands beside it: what is told here is what the recipient's clock says then, if that is another. */
function sayYourTime(row: EmailRow, timeZone: string): { title: string; hint: string; short: string } {
  const title = i18next.t("emails.waits.your_time.title");
  const at = expectedAt(row);
  const theirs = row.person?.time_zone ?? timeZone;
  if (at === null || clockIn(at, theirs) === clockIn(at, timeZone))
    return { title, hint: i18next.t("emails.waits.your_time.hint"), short: title };
  const words = { clock: clockIn(at, theirs), city: cityOf(theirs) };
  return inShort(title, i18next.t("emails.waits.your_time.elsewhere", words));
}

function inShort(title: string, hint: string): { title: string; hint: string; short: string } {
  return { title, hint, short: `${title} · ${hint}` };
}

/**
 * Why an email did not get through: a title, a line for the list, and a sentence or two; and what besides that keeps it from
 * being sent again.
 */
export function sayFailure(
  row: Pick<EmailRow, "failure" | "status" | "to_address" | "person" | "identity">,
): { title: string; hint: string; text: string; held: string | null } {
  const words = { domain: domainOf(row.to_address), field: row.failure?.param ?? "" };
  const place = row.failure ? (`emails.failures.${row.failure.reason}` as const) : null;
  if (place === null) {
    const kind = row.status === "spam" ? "emails.failures.spam_complaint" : "emails.failures.refused";
    return {
      title: i18next.t(`${kind}.title`),
      hint: i18next.t(`${kind}.hint`),
      text: i18next.t(`${kind}.text`, words),
      held: null,
    };
  }
  const held = heldOtherwise(row);
  const empty = emptyIn(row);
  const remedy = empty === "sender" || empty === "words" ? (`emails.emptyIn.${empty}` as const) : place;
  return {
    title: i18next.t(`${place}.title`, words),
    hint: i18next.t(held ? `emails.heldBack.${held}.hint` : `${remedy}.hint`, words),
    text: i18next.t(`${remedy}.text`, words),
    held: held && i18next.t(`emails.heldBack.${held}.text`, words),
  };
}

export function domainOf(address: string | null): string {
  return address?.split("@").at(-1) ?? "";
}

export function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

/** What the three figures of a row say aloud. */
export function sayActivity(
  activity: EmailActivity,
  tracked: boolean,
): { views: string; clicks: string; replies: string } {
  const { t } = i18next;
  if (!tracked && activity.views + activity.clicks === 0) {
    const untracked = t("emails.activity.untracked");
    return { views: untracked, clicks: untracked, replies: sayReplies(activity.replies) };
  }
  const automatic = (count: number): string[] =>
    count > 0 ? [t("emails.activity.automatic", { count })] : [];
  const own = activity.views_self > 0 ? [t("emails.activity.own", { count: activity.views_self })] : [];
  return {
    views: [
      activity.views > 0
        ? t("emails.activity.views", { count: activity.views })
        : t("emails.activity.noViews"),
      ...automatic(activity.views_automatic),
      ...own,
    ].join(", "),
    clicks: [
      activity.clicks > 0
        ? t("emails.activity.clicks", { count: activity.clicks })
        : t("emails.activity.noClicks"),
      ...automatic(activity.clicks_automatic),
    ].join(", "),
    replies: sayReplies(activity.replies),
  };
}

function sayReplies(count: number): string {
  return count > 0 ? i18next.t("emails.activity.replies", { count }) : i18next.t("emails.activity.noReplies");
}

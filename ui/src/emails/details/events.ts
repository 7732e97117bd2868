import {
  IconArchive,
  IconArchiveOff,
  IconArrowBackUp,
  IconBan,
  IconCheck,
  IconCornerUpLeft,
  IconEye,
  IconFlag,
  IconHelpCircle,
  IconHourglass,
  IconMailboxOff,
  IconPencil,
  IconPlaneDeparture,
  IconPointer,
  IconRefresh,
  IconRobot,
  IconSend,
  IconTrash,
  IconTrophy,
  IconTrophyOff,
  IconUserCircle,
} from "@tabler/icons-react";
import type { EmailEvent, EmailEventKind, Verdict } from "../../api/types";
import { sayAway, sayServer } from "../../conversation/words";
import { i18next } from "../../i18n";
import { comingInSentence } from "../../times/format";
import { failureLooks, type Tone } from "../tones";
import { deviceOf } from "./device";

type EventLook = { icon: typeof IconEye; tone: Tone | "quiet" };

const looks: Record<EmailEventKind, EventLook> = {
  created: { icon: IconPencil, tone: "ink" },
  queued: { icon: IconSend, tone: "ink" },
  unscheduled: { icon: IconArrowBackUp, tone: "ink" },
  attempted: { icon: IconRefresh, tone: "ink" },
  accepted: { icon: IconCheck, tone: "green" },
  deferred: { icon: IconHourglass, tone: "brass" },
  uncertain: { icon: IconHelpCircle, tone: "brass" },
  bounced: { icon: IconMailboxOff, tone: "coral" },
  failed: { icon: IconMailboxOff, tone: "coral" },
  complained: { icon: IconFlag, tone: "coral" },
  viewed: { icon: IconEye, tone: "marine" },
  clicked: { icon: IconPointer, tone: "marine" },
  rejudged: { icon: IconRobot, tone: "ink" },
  archived: { icon: IconArchive, tone: "ink" },
  unarchived: { icon: IconArchiveOff, tone: "ink" },
  success: { icon: IconTrophy, tone: "green" },
  success_withdrawn: { icon: IconTrophyOff, tone: "ink" },
  retried: { icon: IconRefresh, tone: "ink" },
  deleted: { icon: IconTrash, tone: "ink" },
  restored: { icon: IconArrowBackUp, tone: "ink" },
  copy_refused: { icon: IconMailboxOff, tone: "brass" },
  replied: { icon: IconCornerUpLeft, tone: "green" },
  auto_replied: { icon: IconPlaneDeparture, tone: "ink" },
  delayed: { icon: IconHourglass, tone: "brass" },
  confirmed: { icon: IconCheck, tone: "green" },
  bounce_withdrawn: { icon: IconCheck, tone: "green" },
  unsubscribed: { icon: IconBan, tone: "coral" },
  unsubscribe_withdrawn: { icon: IconArrowBackUp, tone: "ink" },
};

/** Machines and one's own views are shown, greyed; what went wrong looks like its reason does everywhere. */
export function eventLook({ kind, data }: EmailEvent): EventLook {
  if (data.verdict === "machine" || data.verdict === "unknown") return { icon: IconRobot, tone: "quiet" };
  if (data.verdict === "self") return { icon: IconUserCircle, tone: "quiet" };
  return (kind === "failed" || kind === "bounced") && data.failure ? failureLooks[data.failure] : looks[kind];
}

type Said = { title: string; rest: string; evidence: string; quoted: string | null };

/** An event in words: what happened, how, the evidence, and a server's own words. */
export function sayEvent(event: EmailEvent, now: number, timeZone: string, copies: boolean): Said {
  const { data } = event;
  const { t } = i18next;
  const until = data.until ? comingInSentence(Date.parse(data.until), now, timeZone) : null;
  const rest: Partial<Record<EmailEventKind, string | null | undefined | false>> = {
    queued: null,
    attempted: data.channel && t("emails.events.attemptedBy", { channel: data.channel }),
    accepted: sayAccepted(data),
    deferred: until && `· ${t("emails.events.nextTry", { until })}`,
    clicked: data.verdict === "human" && data.url && shortUrl(data.url),
    copy_refused: data.recipient && t("emails.events.to", { recipient: data.recipient }),
    replied: data.detail && `“${data.detail}”`,
    auto_replied: sayAway(data, now),
  };
  return {
    title: titleOf(event),
    rest: rest[event.kind] || "",
    evidence: evidenceOf(event, until, copies),
    quoted: data.reply ?? sayServerWords(event),
  };
}

/** A server's own words in what came back; an answer's stand beside its name. */
function sayServerWords({ kind, data }: EmailEvent): string | null {
  if (kind === "replied" || kind === "auto_replied") return null;
  return sayServer(data.code, data.sentence) || null;
}

/** Who says that it was taken: the server, the Sent folder, or the user. */
function sayAccepted({ server, found_in, mailbox, by }: EmailEvent["data"]): string | null {
  const { t } = i18next;
  if (server) return t("emails.events.acceptedBy", { server });
  if (found_in) return t("emails.events.acceptedFound", { folder: found_in, mailbox: mailbox ?? "" });
  return by ? t("emails.events.acceptedSaid", { by }) : null;
}

const suffixes: Record<Verdict, "" | "Machine" | "Self" | "Unknown"> = {
  human: "",
  machine: "Machine",
  self: "Self",
  unknown: "Unknown",
};

function titleOf({ kind, data }: EmailEvent): string {
  const { t } = i18next;
  if (kind === "viewed" || kind === "clicked")
    return t(`emails.events.${kind}${suffixes[data.verdict ?? "human"]}`);
  if (kind === "queued") return sayQueued(data);
  // Only an answer asks for anything; the rest is our own patience.
  if (kind === "deferred" && !data.reply) return t("emails.events.putOff");
  if ((kind === "created" || kind === "retried" || kind === "restored") && data.by)
    return t(`emails.events.${kind}By`, { by: data.by });
  return t(`emails.events.${kind}`);
}

/** Who sent it, or chose a time at which it leaves. */
function sayQueued({ by, wait }: EmailEvent["data"]): string {
  const { t } = i18next;
  if (!by) return t("emails.events.queuedPlain");
  return t(wait === "your_time" ? "emails.events.scheduled" : "emails.events.queued", { by });
}

/** A send that leaves within so many milliseconds has no other time to tell. */
const atOnce = 150_000;

/** Something that came back told of it, later than the answer of the server. */
function cameBack({ data }: EmailEvent): boolean {
  return data.received_id !== undefined || data.incoming !== undefined;
}

function evidenceOf(event: EmailEvent, until: string | null, copies: boolean): string {
  const { at, kind, data } = event;
  const { t } = i18next;
  const later = data.until != null && Date.parse(data.until) - Date.parse(at) > atOnce;
  const parts: (string | null | undefined | false)[] = [
    kind === "queued" && until && later && t("emails.events.queuedUntil", { until }),
    kind === "clicked" && data.verdict !== "human" && data.url && shortUrl(data.url),
    data.why && data.why !== "nothing" && sayWhy(data.why),
    deviceOf(data.user_agent ?? ""),
    data.network,
    data.visit?.place && t("emails.visits.near", { place: data.visit.place }),
    data.ip,
    data.visit && data.visit.requests > 1 && t("emails.visits.requests", { count: data.visit.requests }),
    data.visit?.first_verdict && t(`emails.visits.first.${data.visit.first_verdict}`),
    data.visit?.settles_at && data.verdict === "human" && t("emails.visits.unsettled"),
    kind !== "accepted" && data.server,
    kind !== "accepted" && data.stage && sayStage(data.stage),
    // With a single recipient everybody knows who it was.
    copies && kind !== "copy_refused" && data.recipient,
    (kind === "failed" || kind === "bounced") && sayFailureTitle(data),
    kind === "deferred" && data.wait !== "server_asked" && sayWaitReason(data),
    data.from && t("emails.events.from", { from: data.from }),
    cameBack(event) && data.mailbox && t("conversation.ways.mailbox", { name: data.mailbox }),
    cameBack(event) && data.channel && t("conversation.ways.webhook", { name: data.channel }),
    kind !== "attempted" && !cameBack(event) && data.channel,
    kind !== "replied" && data.detail,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** The server's words for things are stable; one that this catalogue does not know yet is shown as it is. */
export function sayWhy(why: string): string {
  const key = `emails.why.${why}`;
  return i18next.exists(key) ? String(i18next.t(key as never)) : why.replaceAll("_", " ");
}

function sayStage(stage: string): string {
  const key = `emails.stages.${stage}`;
  const said = i18next.exists(key) ? String(i18next.t(key as never)) : stage.replaceAll("_", " ");
  return i18next.t("emails.events.stage", { stage: said });
}

export function sayFailureTitle({ failure }: EmailEvent["data"]): string | null {
  return failure ? i18next.t(`emails.failures.${failure}.title`, { field: "" }).replace(/:\s*$/, "") : null;
}

function sayWaitReason({ wait }: EmailEvent["data"]): string | null {
  return wait ? i18next.t(`emails.waits.${wait}.title`) : null;
}

export function shortUrl(url: string): string {
  const shown = url.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}

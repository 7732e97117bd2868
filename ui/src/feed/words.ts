import {
  IconBan,
  IconCornerUpLeft,
  IconEye,
  IconFlag,
  IconMailboxOff,
  IconPlaneDeparture,
  IconPointer,
  IconRobot,
} from "@tabler/icons-react";
import type { FeedEntry, FeedKind } from "../api/types";
import { sayAway } from "../conversation/words";
import { sayFailureTitle, sayWhy, shortUrl } from "../emails/details/events";
import { failureLooks, type Tone } from "../emails/tones";
import { i18next } from "../i18n";

type FeedLook = { icon: typeof IconEye; tone: Tone | "quiet" };

const looks: Record<FeedKind, FeedLook> = {
  viewed: { icon: IconEye, tone: "ink" },
  clicked: { icon: IconPointer, tone: "marine" },
  replied: { icon: IconCornerUpLeft, tone: "green" },
  auto_replied: { icon: IconPlaneDeparture, tone: "ink" },
  bounced: { icon: IconMailboxOff, tone: "coral" },
  complained: { icon: IconFlag, tone: "coral" },
  unsubscribed: { icon: IconBan, tone: "coral" },
};

export function isAutomatic({ event }: FeedEntry): boolean {
  return event.data.verdict === "machine" || event.data.verdict === "unknown";
}

/** Machines are shown, greyed; what bounced looks like its reason does everywhere. */
export function feedLook(entry: FeedEntry): FeedLook {
  if (isAutomatic(entry)) return { icon: IconRobot, tone: "quiet" };
  const { failure } = entry.event.data;
  return entry.kind === "bounced" && failure ? failureLooks[failure] : looks[entry.kind];
}

/** What was done: "Viewed 3 times", "Clicked". */
export function sayEntry(entry: FeedEntry, count: number): string {
  const { t } = i18next;
  if (entry.kind !== "viewed" && entry.kind !== "clicked") return t(`feed.said.${entry.kind}`);
  return t(isAutomatic(entry) ? `feed.automatic.${entry.kind}` : `feed.people.${entry.kind}`, { count });
}

/** What belongs to it: where a click led, the first words of a reply, why it bounced. */
export function sayDetail(entry: FeedEntry, now: number): string {
  const { data } = entry.event;
  switch (entry.kind) {
    case "clicked":
      return data.url ? shortUrl(data.url) : "";
    case "viewed":
      if (!isAutomatic(entry)) return entry.place ? i18next.t("feed.near", { place: entry.place }) : "";
      return data.why && data.why !== "nothing" ? sayWhy(data.why) : "";
    case "replied":
      return data.detail ? `“${data.detail}”` : "";
    case "auto_replied":
      return sayAway(data, now) ?? data.detail ?? "";
    case "bounced":
      return sayFailureTitle(data) ?? "";
    default:
      // It may have been a copy.
      return data.recipient ?? "";
  }
}

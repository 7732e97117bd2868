import {
  IconArrowBackUp,
  IconBan,
  IconBraces,
  IconClockPause,
  IconFlag,
  IconGauge,
  IconHourglass,
  IconInboxOff,
  IconKeyOff,
  IconMailboxOff,
  IconPlayerPause,
  IconRefresh,
  IconRouteOff,
  IconShieldX,
  IconUserCircle,
  IconWorldOff,
} from "@tabler/icons-react";
import type { EmailRow, FailureReason, WaitReason } from "../api/types";

export type Tone = "ink" | "marine" | "green" | "brass" | "coral" | "plum";

/** The icon and the colour of a thing; a word always stands beside them. */
export type Look = { icon: typeof IconGauge; tone: Tone };

export const waitLooks: Record<WaitReason, Look> = {
  undo_window: { icon: IconArrowBackUp, tone: "marine" },
  your_time: { icon: IconUserCircle, tone: "ink" },
  limit_per_minute: { icon: IconGauge, tone: "brass" },
  limit_per_day: { icon: IconGauge, tone: "brass" },
  batch_pause: { icon: IconHourglass, tone: "brass" },
  limit_per_domain: { icon: IconGauge, tone: "brass" },
  server_asked: { icon: IconRefresh, tone: "brass" },
  unreachable: { icon: IconWorldOff, tone: "brass" },
  channel_paused: { icon: IconPlayerPause, tone: "brass" },
  clock_jumped: { icon: IconClockPause, tone: "brass" },
};

export function waitLook({ wait }: Pick<EmailRow, "wait">): Look {
  return wait ? waitLooks[wait.reason] : waitLooks.undo_window;
}

export const failureLooks: Record<FailureReason, Look> = {
  no_such_mailbox: { icon: IconMailboxOff, tone: "coral" },
  no_such_domain: { icon: IconWorldOff, tone: "coral" },
  mailbox_full: { icon: IconInboxOff, tone: "brass" },
  refused_as_spam: { icon: IconShieldX, tone: "brass" },
  refused_by_policy: { icon: IconShieldX, tone: "brass" },
  refused: { icon: IconShieldX, tone: "brass" },
  unresolved_field: { icon: IconBraces, tone: "brass" },
  channel_gone: { icon: IconRouteOff, tone: "ink" },
  identity_unverified: { icon: IconKeyOff, tone: "coral" },
  message_too_large: { icon: IconInboxOff, tone: "brass" },
  sender_refused: { icon: IconKeyOff, tone: "coral" },
  gave_up: { icon: IconHourglass, tone: "brass" },
  bad_address: { icon: IconMailboxOff, tone: "coral" },
  spam_complaint: { icon: IconFlag, tone: "coral" },
  unsubscribed: { icon: IconBan, tone: "coral" },
  address_bounced: { icon: IconMailboxOff, tone: "coral" },
  complained: { icon: IconFlag, tone: "coral" },
  blocked_domain: { icon: IconWorldOff, tone: "coral" },
};

export function failureLook(row: Pick<EmailRow, "status" | "failure">): Look {
  if (row.failure) return failureLooks[row.failure.reason];
  return row.status === "spam" ? failureLooks.spam_complaint : failureLooks.refused;
}

export const statusTones: Record<EmailRow["status"], Tone> = {
  draft: "ink",
  scheduled: "ink",
  in_progress: "marine",
  delivered: "green",
  archived: "ink",
  failed: "coral",
  bounced: "coral",
  spam: "coral",
  deleted: "ink",
};

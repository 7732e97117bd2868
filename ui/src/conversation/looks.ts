import {
  IconBan,
  IconCheck,
  IconCornerUpLeft,
  IconFlag,
  IconHourglass,
  IconMail,
  IconMailboxOff,
  IconPlaneDeparture,
  IconSend,
  IconShieldX,
} from "@tabler/icons-react";
import type { ReceivedKind } from "../api/types";
import type { Tone } from "../emails/tones";

type PartLook = { icon: typeof IconMail; tone: Tone };

/** What a part of a conversation looks like; its word always stands beside it. */
export const partLooks: Record<ReceivedKind | "sent", PartLook> = {
  sent: { icon: IconSend, tone: "ink" },
  reply: { icon: IconCornerUpLeft, tone: "green" },
  auto_reply: { icon: IconPlaneDeparture, tone: "ink" },
  hard_bounce: { icon: IconMailboxOff, tone: "coral" },
  soft_bounce: { icon: IconMailboxOff, tone: "brass" },
  block: { icon: IconShieldX, tone: "brass" },
  delay: { icon: IconHourglass, tone: "brass" },
  receipt: { icon: IconCheck, tone: "green" },
  complaint: { icon: IconFlag, tone: "coral" },
  unsubscribe: { icon: IconBan, tone: "coral" },
  other: { icon: IconMail, tone: "ink" },
};

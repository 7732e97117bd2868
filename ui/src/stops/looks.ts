import { IconBan, IconFlag, IconMailboxOff } from "@tabler/icons-react";
import type { StopCause } from "../api/types";

/** The icon of each cause; a word always stands beside it. */
export const causeIcons: Record<StopCause, typeof IconBan> = {
  unsubscribed: IconBan,
  hard_bounce: IconMailboxOff,
  complaint: IconFlag,
};

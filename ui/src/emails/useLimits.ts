import { useQuery } from "@tanstack/react-query";
import type { EmailRow, Limits } from "../api/types";
import { channelsQuery } from "../channels/channels";
import { isLimit } from "./words";

/** The limits of the channel that an email waits for, if it waits for one; `null` for who may not see the channel. */
export function useLimits({ wait, channel }: Pick<EmailRow, "wait" | "channel">): Limits | null {
  const { data } = useQuery({ ...channelsQuery, enabled: isLimit(wait?.reason ?? null) });
  return data?.items.find(({ id }) => id === channel?.id)?.limits ?? null;
}

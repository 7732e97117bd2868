import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { Channel } from "../api/types";

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: () => answer<{ items: Channel[] }>(api.GET("/channels")),
});

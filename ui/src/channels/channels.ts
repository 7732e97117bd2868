import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

/** What is known of providers: it comes with the server and does not change while it runs. */
export const channelPresetsQuery = queryOptions({
  queryKey: ["channel-presets"],
  queryFn: () => answer(api.GET("/channels/presets")),
  staleTime: Number.POSITIVE_INFINITY,
});

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: () => answer(api.GET("/channels")),
});

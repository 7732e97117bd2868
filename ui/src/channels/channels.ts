import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: () => answer(api.GET("/channels")),
});

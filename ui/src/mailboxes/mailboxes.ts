import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

export const mailboxesQuery = queryOptions({
  queryKey: ["mailboxes"],
  queryFn: () => answer(api.GET("/mailboxes")),
});

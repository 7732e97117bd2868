import { queryOptions } from "@tanstack/react-query";
import { answer, api, ifMatch } from "../../api/client";
import type { UnsubscribeMessage, UnsubscribeMessageEdit } from "../../api/types";

export const messageQuery = queryOptions({
  queryKey: ["unsubscribe-message"],
  queryFn: () => answer(api.GET("/unsubscribe-message")),
});

export const changeMessage = (version: number, body: UnsubscribeMessageEdit) =>
  answer<UnsubscribeMessage>(
    api.PATCH("/unsubscribe-message", { params: { header: ifMatch(version) }, body }),
  );

export const changeOwnMessage = (html: string) =>
  answer(api.PUT("/unsubscribe-message/own", { body: { html } }));

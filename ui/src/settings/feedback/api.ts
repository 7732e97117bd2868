import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { ChannelFeedback, ChannelFeedbackInput } from "../../api/types";

const at = (id: string) => ({ params: { path: { id } } });

/** Stands under the channels, so that whatever changes them is fetched anew here too. */
export const feedbackQuery = (id: string) =>
  queryOptions({
    queryKey: ["channels", id, "feedback"],
    queryFn: () => answer<ChannelFeedback>(api.GET("/channels/{id}/feedback", at(id))),
  });

export const setFeedback = (id: string, body: ChannelFeedbackInput) =>
  answer<ChannelFeedback>(api.PUT("/channels/{id}/feedback", { ...at(id), body }));

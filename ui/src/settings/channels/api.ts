import { answer, api, ifMatch } from "../../api/client";
import type { Channel, ChannelInput, ChannelTest } from "../../api/types";

const at = (id: string) => ({ params: { path: { id } } });

export const createChannel = (body: ChannelInput) => answer<Channel>(api.POST("/channels", { body }));

/** What can change about a channel: whose it is cannot. */
const changeOf = ({ team: _, ...change }: ChannelInput) => change;

export const changeChannel = ({ id, version }: Channel, input: ChannelInput) =>
  answer<Channel>(
    api.PATCH("/channels/{id}", {
      params: { path: { id }, header: ifMatch(version) },
      body: changeOf(input),
    }),
  );

export const deleteChannel = (id: string) => answer(api.DELETE("/channels/{id}", at(id)));

export const pauseChannel = (id: string) => answer(api.PUT("/channels/{id}/pause", at(id)));

export const resumeChannel = (id: string) => answer(api.DELETE("/channels/{id}/pause", at(id)));

/** Tries a channel as it is kept, or as it would be after a change. */
export const testChannel = (id: string, input?: ChannelInput) =>
  answer<ChannelTest>(api.POST("/channels/{id}/test", { ...at(id), body: input && changeOf(input) }));

/** Tries what stands in the form, before it is kept. */
export const testInput = (body: ChannelInput) => answer<ChannelTest>(api.POST("/channels/test", { body }));

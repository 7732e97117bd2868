import { answer, api } from "../api/client";
import type { Session } from "../api/types";

export type SetupInput = {
  token: string;
  name: string;
  email: string;
  password: string;
  workspace_name: string;
  time_zone: string;
};

export const setUp = (body: SetupInput) => answer<Session>(api.POST("/setup", { body }));

export const signIn = (body: { email: string; password: string }) =>
  answer<Session>(api.POST("/session", { body }));

export const lookUpInvitation = (token: string) =>
  answer<{ email: string; workspace_name: string }>(api.POST("/invitations/lookup", { body: { token } }));

export const acceptInvitation = (body: {
  token: string;
  name: string;
  password: string;
  time_zone: string;
}) => answer<Session>(api.POST("/invitations/accept", { body }));

export const requestReset = (email: string) =>
  answer<void>(api.POST("/password-resets", { body: { email } }));

export const acceptReset = (body: { token: string; password: string }) =>
  answer<void>(api.POST("/password-resets/accept", { body }));

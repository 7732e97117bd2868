import { answer, api } from "../../api/client";
import type { Session, SessionUser } from "../../api/types";

export type ProfileChange = Partial<Pick<SessionUser, "name" | "time_zone" | "language" | "undo_window_s">>;

export const changeProfile = (body: ProfileChange) => answer<Session>(api.PATCH("/me", { body }));

export const changePassword = (body: { current: string; new: string }) =>
  answer<void>(api.PUT("/me/password", { body }));

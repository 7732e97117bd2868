import { i18next } from "../i18n";
import { ApiError, type FieldError, isOffline } from "./problem";

/** What went wrong, in the words of the catalogue. */
export function sayProblem(error: unknown): string {
  if (isOffline(error)) return i18next.t("problems.offline");
  if (!(error instanceof ApiError)) return i18next.t("problems.internal");
  const reason = `problems.reasons.${String(error.problem.params?.reason)}`;
  if (error.slug === "conflict" && i18next.exists(reason)) return say(reason, undefined);
  const key = `problems.${error.slug}`;
  const seconds = secondsUntil(error.problem.params?.until);
  return i18next.exists(key) ? say(key, { seconds }) : i18next.t("problems.internal");
}

/** What is wrong with each field, ready for a form. */
export function sayFields(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries((error.problem.errors ?? []).map((wrong) => [wrong.field, sayField(wrong)]));
}

function sayField({ code, params }: FieldError): string {
  const key = `problems.fields.${code}`;
  return i18next.exists(key) ? say(key, params) : i18next.t("problems.fields.other");
}

/** A key put together from a word of the server; whether it exists was asked first. */
function say(key: string, params: Record<string, unknown> | undefined): string {
  return String(i18next.t(key as never, params as never));
}

function secondsUntil(moment: unknown): number {
  return typeof moment === "string" ? Math.max(1, Math.ceil((Date.parse(moment) - Date.now()) / 1000)) : 1;
}

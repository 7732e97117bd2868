import createClient from "openapi-fetch";
import { ApiError, type Problem } from "./problem";

type Answer = { data?: unknown; error?: unknown; response: Response };

// biome-ignore lint/suspicious/noExplicitAny: the paths come from the generated schema
type Call = (path: string, init?: any) => Promise<Answer>;

export const api: Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Call> = createClient<
  Record<string, never>
>({ baseUrl: "/api/v1", credentials: "same-origin" });

/** Waits for a call and gives its data, or throws the server's problem as an `ApiError`. */
export async function answer<T>(call: Promise<Answer>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw new ApiError(asProblem(error, response));
}

/** The header that says which version an edit was based on. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}

function asProblem(error: unknown, response: Response): Problem {
  if (typeof error === "object" && error !== null && "type" in error) return error as Problem;
  return { type: "/problems/internal", title: response.statusText, status: response.status };
}

import createClient from "openapi-fetch";
import { ApiError, type Problem } from "./problem";
import type { paths } from "./schema.gen";

const prefix = "/api/v1";

/** The endpoints, without the prefix that all of them share. */
type Endpoints = {
  [Path in keyof paths as Path extends `${typeof prefix}${infer Rest}` ? Rest : never]: paths[Path];
};

export const api = createClient<Endpoints>({ baseUrl: prefix, credentials: "same-origin" });

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Waits for a call and gives its data, or throws the server's problem as an `ApiError`. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
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

import type { components } from "./schema.gen";

/** RFC 9457: what the server answers when it cannot do what was asked. */
export type Problem = Omit<components["schemas"]["Problem"], "params" | "errors"> & {
  params?: Params;
  errors?: FieldError[];
};

export type FieldError = Omit<components["schemas"]["FieldError"], "params"> & { params?: Params };

/** Numbers and names for the sentence that the catalogue has for a code. */
type Params = Record<string, unknown>;

/** Thrown by every call that the server refused. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  /** The stable word of the problem, such as `version-conflict`. */
  get slug(): string {
    return this.problem.type.replace(/^.*\//, "");
  }
}

/** Fields refused before the server is asked, to be shown like those that it refuses. */
export function invalid(errors: FieldError[]): ApiError {
  return new ApiError({
    type: "/problems/invalid",
    title: "Some fields need another look.",
    status: 422,
    errors,
  });
}

export function isProblem(error: unknown, slug: string): error is ApiError {
  return error instanceof ApiError && error.slug === slug;
}

/** The server was not reached: worth trying again, unlike a refusal. */
export function isOffline(error: unknown): boolean {
  return error instanceof TypeError;
}

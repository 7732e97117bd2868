import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { Session } from "../api/types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => answer(api.GET("/session")),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in. Only for pages behind the sign-in, whose route has loaded it. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (data === undefined) throw new Error("useSession outside of the signed-in pages");
  return data;
}

/** Keeps a session that the server has just answered with. */
export function keepSession(session: Session): void {
  queryClient.setQueryData(sessionQuery.queryKey, session);
}

export function fetchSetupNeeded(): Promise<{ needed: boolean }> {
  return answer(api.GET("/setup"));
}

export async function signOut(everywhere: boolean): Promise<void> {
  await answer(api.DELETE(everywhere ? "/sessions" : "/session"));
  queryClient.clear();
}

export async function viewAs(userId: string): Promise<void> {
  keepSession(await answer(api.PUT("/session/view-as", { body: { user_id: userId } })));
  await queryClient.invalidateQueries();
}

export async function endViewAs(): Promise<void> {
  keepSession(await answer(api.DELETE("/session/view-as")));
  await queryClient.invalidateQueries();
}

/** Says that the server's clock is right after it jumped, so that sending goes on. */
export async function confirmClock(): Promise<void> {
  await answer(api.POST("/clock-confirmation"));
  await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

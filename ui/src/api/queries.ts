import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isOffline, isProblem } from "./problem";

/** One cache for the page. Freshness comes from the live stream, so nothing is fetched again on a whim. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => leaveWhenSignedOut(error) }),
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => isOffline(error) && failures < 2,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** A session that ended elsewhere, while its pages are open: back to the sign-in, and here again after it. */
function leaveWhenSignedOut(error: unknown): void {
  if (!isProblem(error, "not-signed-in") || queryClient.getQueryData(["session"]) === undefined) return;
  const back = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?back=${encodeURIComponent(back)}`);
}

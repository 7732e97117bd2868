import { QueryClient } from "@tanstack/react-query";
import { isOffline } from "./problem";

/** One cache for the page. Freshness comes from the live stream, so nothing is fetched again on a whim. */
export const queryClient = new QueryClient({
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

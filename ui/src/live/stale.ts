import { matchQuery, type QueryClient } from "@tanstack/react-query";

/**
 * Takes for stale what any of these keys names, and fetches what of it is on screen; `exact`: nothing below the keys. What
 * several name is asked for once: key by key, each would begin the request anew.
 */
export function takeForStale(client: QueryClient, keys: string[][], exact = false): void {
  void client.invalidateQueries({
    predicate: (query) => keys.some((queryKey) => matchQuery({ queryKey, exact }, query)),
  });
}

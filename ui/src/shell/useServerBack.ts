import { useEffect, useState } from "react";
import { isOffline, isProblem } from "../api/problem";
import { isServerReady } from "../api/ready";
import { pauseAfter } from "../live/connection";

/**
 * Whether the server is what keeps a page from being shown, which `error` may say already. It is asked again, less often
 * each time, and the page is loaded as soon as it can answer. Where it could from the first, the page itself is at fault:
 * loading that again and again would not mend it.
 */
export function useServerBack(error: unknown): boolean {
  const [down, setDown] = useState(isProblem(error, "unavailable") || isOffline(error));
  useEffect(() => {
    let failures = 0;
    let next: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const ask = async (): Promise<void> => {
      const ready = await isServerReady();
      if (left) return;
      if (!ready) {
        failures += 1;
        setDown(true);
        next = setTimeout(ask, pauseAfter(failures));
      } else if (failures > 0) window.location.reload();
      else setDown(false);
    };
    void ask();
    return () => {
      left = true;
      clearTimeout(next);
    };
  }, []);
  return down;
}

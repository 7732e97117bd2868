import type { Page } from "@playwright/test";

/** Waits until nothing on the page fades or moves any more, but for what never ends: it would be measured half way. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // What ends may set off the next.
    for (let round = 0; round < 5; round++) {
      await new Promise(requestAnimationFrame);
      const ending = document
        .getAnimations()
        .filter(
          ({ effect, playState }) =>
            playState === "running" && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
        );
      if (ending.length === 0) return;
      await Promise.allSettled(ending.map(({ finished }) => finished));
    }
  });
}

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { settled } from "./settled.ts";

/** Fails on every serious or critical fault that axe finds, in the light and in the dark scheme. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
    const serious = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => ({
        id,
        scheme,
        nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
      }));
    expect(serious).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

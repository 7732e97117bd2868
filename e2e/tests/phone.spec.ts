import { expectAccessible } from "../support/accessibility.ts";
import { expect, test } from "../support/test.ts";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("the main job fits a telephone", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await page.goto(`${deck.url}/emails/delivered`);
  const row = page.getByRole("row").filter({ hasText: "Charts for the crossing" });
  await expect(row).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);

  await row.click();
  await expect(page.getByText("What happened")).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await page.getByRole("button", { name: "Close", exact: true }).click();

  await page.getByRole("button", { name: "Compose" }).last().click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
});

async function expectNoSidewaysScrolling(page: import("@playwright/test").Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}

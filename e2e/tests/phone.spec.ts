import { expectAccessible } from "../support/accessibility.ts";
import { settled } from "../support/settled.ts";
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
  const followUp = await page.getByRole("button", { name: "Follow up" }).boundingBox();
  expect(followUp?.height).toBeGreaterThanOrEqual(44);
  await page.getByRole("button", { name: "Close", exact: true }).click();

  await page.getByRole("button", { name: "Compose" }).last().click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
});

test("what is pressed in the settings is large enough for a finger", async ({ page, deck, workspace }) => {
  const { api } = workspace;
  const channel_id = (await api.get("/channels")).items[0].id;
  await api.post("/dkim-keys", { channel_id, domain: "deck.example", algorithm: "ed25519" });
  await api.put("/tracking-domain", { host: "go.deck.example" });
  for (const [place, last] of [
    ["sending-domains", "Delete the key"],
    ["tracking-domain", "Check and switch on"],
  ]) {
    await page.goto(`${deck.url}/settings/${place}`);
    await expect(page.getByRole("button", { name: last })).toBeVisible();
    await expectNoSidewaysScrolling(page);
    for (const button of await page.getByRole("main").getByRole("button").all()) {
      const size = await button.boundingBox();
      expect(size?.height, `${place}: ${await button.textContent()}`).toBeGreaterThanOrEqual(44);
    }
  }
});

async function expectNoSidewaysScrolling(page: import("@playwright/test").Page): Promise<void> {
  await settled(page);
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}

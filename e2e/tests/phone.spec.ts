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

test("the buttons of what did not get through fill their lines", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("bounced", "nobody.marta@harbour.example", "To nobody");
  await page.goto(`${deck.url}/emails/bounced`);
  await page.getByRole("row").filter({ hasText: "To nobody" }).click();
  const details = page.getByRole("region", { name: /^Email to/ });
  const place = async (words: string) => {
    const button = details.getByRole("button").filter({ hasText: words }).last();
    await expect(button).toBeVisible();
    return (await button.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  };
  await place("It works again");
  await settled(page);
  const [first, last] = [await place("To another address"), await place("Delete")];
  // Alone in its line, it takes all of it.
  expect(last.y).toBeGreaterThan(first.y);
  expect(last.x).toBe(first.x);
  expect(last.x + last.width).toBeGreaterThan(360);
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
});

test("who wants no more mail is not offered a retry, and the card says why", async ({
  page,
  deck,
  workspace,
}) => {
  const { api } = workspace;
  await workspace.sendUntil("bounced", "full.marta@harbour.example", "No room left");
  await page.goto(`${deck.url}/emails/bounced`);
  await page.getByRole("row").filter({ hasText: "No room left" }).click();
  const details = page.getByRole("region", { name: /^Email to/ });
  const button = (words: string) => details.getByRole("button").filter({ hasText: words });
  await expect(button("Retry")).toBeVisible();
  const [row] = (await api.get("/emails?folder=bounced")).items;
  await api.post(`/people/${row.person.id}/unsubscribe`, {});
  await expect(details.getByText("It cannot be sent again: this person has unsubscribed.")).toBeVisible();
  await expect(button("Retry")).toHaveCount(0);
  await expect(button("To another address")).toHaveCount(0);
  await expect(button("Delete")).toBeVisible();
});

async function expectNoSidewaysScrolling(page: import("@playwright/test").Page): Promise<void> {
  await settled(page);
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}

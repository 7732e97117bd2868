import { expect, test } from "../support/test.ts";

test("an email is archived by a key, and brought back by another", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await page.goto(`${deck.url}/emails/delivered`);
  const row = page.getByRole("row").filter({ hasText: "Charts for the crossing" });
  await expect(row).toBeVisible();

  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await expect(row).toBeHidden();
  await expect(page.getByText("1 archived")).toBeVisible();

  await page.keyboard.press("z");
  await expect(row).toBeVisible();
});

test("several emails are archived together and unarchived in their folder", async ({
  page,
  deck,
  workspace,
}) => {
  for (const n of [1, 2, 3]) {
    await workspace.sendUntil("delivered", `accept.person${n}@harbour.example`, `Chart ${n}`);
  }
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByRole("row").filter({ hasText: "Chart" })).toHaveCount(3);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  await page.getByRole("button", { name: /^Archive/ }).click();
  await expect(page.getByText("3 archived")).toBeVisible();

  await page.getByRole("link", { name: /^Archived/ }).click();
  await expect(page.getByRole("row").filter({ hasText: "Chart" })).toHaveCount(3);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  await page.getByRole("button", { name: /^Unarchive/ }).click();
  await expect(page.getByText("3 back in Delivered")).toBeVisible();
});

test("mail that nobody knows the fate of waits for a decision", async ({ page, deck, workspace }) => {
  const id = await workspace.send("drop-answer.marta@harbour.example", "Charts for the crossing");
  await expect
    .poll(async () => (await workspace.api.get(`/emails/${id}`)).uncertain, { timeout: 60_000 })
    .toBe(true);
  await page.goto(`${deck.url}/emails/in_progress`);
  await page.getByRole("row").filter({ hasText: "Charts for the crossing" }).click();
  await expect(page.getByText("This may have been sent")).toBeVisible();
  await page.getByRole("button", { name: "It arrived" }).click();
  await expect(page.getByText("Kept as delivered")).toBeVisible();
});

test("the page follows what happens elsewhere without a reload", async ({ page, deck, workspace }) => {
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByText("Nothing was delivered yet")).toBeVisible();
  await workspace.send("accept.marta@harbour.example", "Charts for the crossing");
  await expect(page.getByRole("row").filter({ hasText: "Charts for the crossing" })).toBeVisible({
    timeout: 30_000,
  });
});

import { expect, test } from "../support/test.ts";

test("a draft survives closing the browser", async ({ page, deck, workspace, context }) => {
  await workspace.draft("accept.marta@harbour.example", "Charts");
  await page.goto(`${deck.url}/emails/draft`);
  await page.getByRole("row").filter({ hasText: "Charts" }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("These words must not be lost.");
  await expect(page.getByText("Draft saved")).toBeVisible();
  await page.close();

  const again = await context.newPage();
  await again.goto(`${deck.url}/emails/draft`);
  await again.getByRole("row").filter({ hasText: "Charts" }).click();
  await expect(again.getByRole("textbox", { name: "Message" })).toContainText(
    "These words must not be lost.",
  );
});

test("of two tabs that edit one draft, the second is told and nothing is lost", async ({
  page,
  deck,
  workspace,
  context,
  browser,
}) => {
  await workspace.draft("accept.marta@harbour.example", "Charts");
  const elsewhere = await browser.newContext({ storageState: await context.storageState() });
  const other = await elsewhere.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`${deck.url}/emails/draft`);
    await tab.getByRole("row").filter({ hasText: "Charts" }).click();
    await expect(tab.getByRole("textbox", { name: "Subject" })).toHaveText("Charts");
  }
  // Without a connection, so that neither learns of the other's words in time.
  await elsewhere.setOffline(true);
  await other.getByRole("textbox", { name: "Subject" }).fill("Charts from the second tab");
  await expect(other.getByText("Kept in this browser, not on the server yet")).toBeVisible();
  await page.getByRole("textbox", { name: "Subject" }).fill("Charts from the first tab");
  await expect(page.getByText("Draft saved")).toBeVisible();

  await elsewhere.setOffline(false);
  await expect(other.getByText("This draft was changed in another tab.")).toBeVisible();
  await other.getByRole("button", { name: "Take theirs" }).click();
  await expect(other.getByRole("textbox", { name: "Subject" })).toHaveText("Charts from the first tab");
  await other.getByRole("button", { name: /^Undo/ }).click();
  await expect(other.getByRole("textbox", { name: "Subject" })).toHaveText("Charts from the second tab");
  await elsewhere.close();
});

test("a tab follows what another one writes into the draft", async ({ page, deck, workspace, context }) => {
  await workspace.draft("accept.marta@harbour.example", "Charts");
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`${deck.url}/emails/draft`);
    await tab.getByRole("row").filter({ hasText: "Charts" }).click();
    await expect(tab.getByRole("textbox", { name: "Subject" })).toHaveText("Charts");
  }
  await page.getByRole("textbox", { name: "Subject" }).fill("Charts from the first tab");
  await expect(other.getByRole("textbox", { name: "Subject" })).toHaveText("Charts from the first tab");
});

test("what stands in the way is said before Send", async ({ page, deck, workspace }) => {
  await workspace.draft("accept.stranger@harbour.example", "Hello {{first_name}}");
  await page.goto(`${deck.url}/emails/draft`);
  await page.getByRole("row").filter({ hasText: "Hello" }).click();
  await expect(page.getByText(/is empty for this person/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Send/ })).toBeDisabled();
});

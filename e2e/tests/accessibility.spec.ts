import { expectAccessible } from "../support/accessibility.ts";
import { expect, test } from "../support/test.ts";

test("nobody is shut out of the pages before the sign-in", async ({ page, deck }) => {
  await page.goto(deck.setupLink);
  await expect(page.getByRole("heading", { name: "Set up Quarterdeck" })).toBeVisible();
  await expectAccessible(page);
});

test("nobody is shut out of signing in", async ({ page, deck, workspace, context }) => {
  await context.clearCookies();
  await page.goto(`${workspace.deck.url}/sign-in`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${deck.url}/forgotten-password`);
  await expectAccessible(page);
});

test("nobody is shut out of the Command Center", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await workspace.sendUntil("bounced", "nobody.jonas@harbour.example", "Is anybody there?");
  await workspace.draft("accept.lena@harbour.example", "Not sent yet");
  for (const folder of [
    "delivered",
    "archived",
    "scheduled",
    "draft",
    "in_progress",
    "failed",
    "bounced",
    "spam",
  ]) {
    await page.goto(`${deck.url}/emails/${folder}`);
    await expect(page.getByRole("navigation", { name: "Folders" })).toBeVisible();
    await expectAccessible(page);
  }
  await page.goto(`${deck.url}/emails/bounced`);
  await page.getByRole("row").filter({ hasText: "Is anybody there?" }).click();
  await expect(page.getByRole("region", { name: /^Email to/ })).toContainText("What happened");
  await expectAccessible(page);
});

test("nobody is shut out of writing", async ({ page, deck, workspace }) => {
  await workspace.draft("accept.marta@harbour.example", "Charts");
  await page.goto(`${deck.url}/emails/draft`);
  await page.getByRole("row").filter({ hasText: "Charts" }).click();
  await expect(page.getByRole("textbox", { name: "Subject" })).toHaveText("Charts");
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Schedule/ }).click();
  await expectAccessible(page);
});

test("nobody is shut out of the settings, the keys and the commands", async ({ page, deck, workspace }) => {
  // Every page, in both schemes.
  test.setTimeout(180_000);
  const pages = ["profile", "identities", "channels", "mailboxes", "tokens", "view-as", "workspace"];
  for (const name of [
    ...pages,
    "members",
    "invitations",
    "teams",
    "sending-domains",
    "tracking-domain",
    "unsubscribes",
    "blocked-domains",
    "audit",
  ]) {
    await page.goto(`${workspace.deck.url}/settings/${name}`);
    await expect(page.getByRole("heading").first()).toBeVisible();
    await expectAccessible(page);
  }
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByText("Nothing was delivered yet")).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page);
});

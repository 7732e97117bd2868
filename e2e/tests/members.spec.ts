import { expect, test } from "../support/test.ts";
import { ADMIN } from "../support/workspace.ts";

const PASSWORD = "a lamp below the deck";

test("a colleague joins by a link, and the administrator looks at their desk without touching it", async ({
  page,
  deck,
  workspace,
  browser,
}) => {
  await page.goto(`${workspace.deck.url}/settings/invitations`);
  await page.getByLabel("Email address").fill("accept.jonas@deck.example");
  await page.getByRole("button", { name: "Invite" }).click();
  const link = await page.getByLabel(/^Link for/).inputValue();

  const elsewhere = await browser.newContext();
  const colleague = await elsewhere.newPage();
  await colleague.goto(link);
  await colleague.getByLabel("Your name").fill("Jonas Holm");
  await colleague.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await colleague.getByRole("button", { name: "Join" }).click();
  await expect(colleague.getByRole("navigation", { name: "Folders" })).toBeVisible();
  await colleague.goto(`${deck.url}/settings`);
  await expect(colleague.getByRole("link", { name: "Audit record" })).toHaveCount(0);
  await elsewhere.close();

  await page.goto(`${deck.url}/settings/view-as`);
  await page.getByRole("button", { name: "View as Jonas Holm" }).click();
  await expect(page.getByText("You are looking at the desk of Jonas Holm.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Compose" }).first()).toBeDisabled();
  await page.getByRole("button", { name: "Back to your own desk" }).click();

  await page.goto(`${deck.url}/settings/audit`);
  await expect(page.getByText("looked at a colleague's desk")).toBeVisible();
  await expect(page.getByText("joined by invitation")).toBeVisible();
});

test("signing out everywhere ends every session", async ({ page, deck, workspace, context, browser }) => {
  const elsewhere = await browser.newContext({ storageState: await context.storageState() });
  const other = await elsewhere.newPage();
  await other.goto(`${workspace.deck.url}/emails/delivered`);
  await expect(other.getByText("Nothing was delivered yet")).toBeVisible();

  await page.goto(`${deck.url}/settings/profile`);
  await page.getByRole("button", { name: "Sign out everywhere" }).last().click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  // The other browser is told by the live channel: nobody has to reload anything there.
  await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible();
  await elsewhere.close();

  await page.getByLabel("Email address").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Folders" })).toBeVisible();
});

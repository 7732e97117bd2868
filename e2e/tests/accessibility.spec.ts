import { expectAccessible } from "../support/accessibility.ts";
import { Dovecot, MAILBOX } from "../support/dovecot.ts";
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
  for (const name of [
    "profile",
    "identities",
    "channels",
    "mailboxes",
    "unsubscribes",
    "tokens",
    "view-as",
    "workspace",
    "members",
    "invitations",
    "teams",
    "sending-domains",
    "tracking-domain",
    "blocked-domains",
    "providers",
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

test("nobody is shut out of what the settings open", async ({ page, deck, workspace }) => {
  const { api } = workspace;
  const dovecot = await Dovecot.start();
  const open = async (name: string) => {
    await page.goto(`${deck.url}/settings/${name}`);
    await expect(page.getByRole("heading").first()).toBeVisible();
  };
  const button = (name: string | RegExp) => page.getByRole("button", { name });

  await test.step("an identity and its signature", async () => {
    await open("identities");
    await button("Edit").click();
    await expect(page.getByRole("textbox", { name: "Signature" })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("a channel, its limits, and the webhook of its provider", async () => {
    await open("channels");
    await button("Edit").click();
    await button("What comes back to Simulator").click();
    await page.getByRole("combobox", { name: "Provider" }).last().selectOption("mailgun");
    await page.getByLabel("HTTP webhook signing key").fill("0123456789abcdef0123456789abcdef");
    await button("Save").first().click();
    await expect(page.getByLabel("Address for the webhook")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("a mailbox, what is read of it, and its form", async () => {
    await api.post("/mailboxes", {
      name: "Work",
      host: "127.0.0.1",
      port: dovecot.port,
      security: "none",
      username: MAILBOX.username,
      password: MAILBOX.password,
    });
    await open("mailboxes");
    await button("Edit").click();
    await page.getByRole("textbox", { name: "Password" }).fill(MAILBOX.password);
    await button("Test").last().click();
    await expect(page.getByText("Everything works. Sent mail is in “Sent”.")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("a registration at a provider", async () => {
    await open("providers");
    await button("Enter the registration").first().click();
    await expect(page.getByLabel("Client id")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("a domain that is checked, its key, and a domain that is blocked", async () => {
    await open("sending-domains");
    await button("Add a key").click();
    await page.getByRole("menuitem", { name: "Ed25519" }).click();
    await expect(page.getByLabel("with the value").first()).toBeVisible();
    await button("Check").first().click();
    await expect(button("Hide the check")).toBeVisible();
    await expectAccessible(page);

    await open("blocked-domains");
    await workspace.draft("accept.tom@rival.example", "Never");
    await page.getByLabel("Domain").fill("https://Rival.example/contact");
    await button("Block").click();
    await expect(page.getByText("rival.example is blocked", { exact: true })).toBeVisible();
    await expect(page.getByRole("list", { name: "Blocked domains" })).toContainText("rival.example");
    await expectAccessible(page);
  });

  await test.step("who left, and letting mail go again", async () => {
    const person = await api.post("/people", { address: "kim@harbour.example" });
    await api.post(`/people/${person.id}/unsubscribe`, { note: "on the phone" });
    await open("unsubscribes");
    await expectAccessible(page);
    await button("Mail again: kim@harbour.example").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
  await dovecot.stop();
});

import { Dovecot, MAILBOX } from "../support/dovecot.ts";
import { Provider } from "../support/provider.ts";
import { expect, test } from "../support/test.ts";
import { ADMIN } from "../support/workspace.ts";

test("the Sent folder of a mailbox settles mail that nobody knew the fate of", async ({
  page,
  deck,
  workspace,
}) => {
  const dovecot = await Dovecot.start();
  const subject = "Charts for the crossing";
  const id = await workspace.send("drop-answer.marta@harbour.example", subject);
  await expect.poll(async () => (await workspace.api.get(`/emails/${id}`)).uncertain).toBe(true);

  await page.goto(`${deck.url}/emails/in_progress`);
  await page.getByRole("row").filter({ hasText: subject }).click();
  await expect(page.getByText("This may have been sent")).toBeVisible();
  await page.getByRole("link", { name: "Add a mailbox" }).click();

  await page.getByRole("button", { name: "Add a mailbox" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Work");
  await page.getByLabel("Host").fill("127.0.0.1");
  await page.getByLabel("Port").fill(String(dovecot.port));
  await page.getByText("None", { exact: true }).click();
  await page.getByLabel("Username").fill(MAILBOX.username);
  const password = page.getByRole("textbox", { name: "Password" });
  await password.fill("not the password");
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("The server did not take the username and password.")).toBeVisible();
  await password.fill(MAILBOX.password);
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("Everything works. Sent mail is in “Sent”.")).toBeVisible();

  await dovecot.keepInSent(await deck.mailFile(subject));
  await page.getByRole("button", { name: "Add the mailbox" }).click();
  await expect(page.getByText(`for ${ADMIN.email}`)).toBeVisible();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Test" }).last().click();
  await expect(
    page.getByText("Everything works. Sent mail is in “Sent”."),
    "with the kept password",
  ).toBeVisible();

  await page.goto(`${deck.url}/emails/delivered`);
  await page.getByRole("row").filter({ hasText: subject }).click();
  await expect(page.getByText("found in “Sent” of Work")).toBeVisible();
  await dovecot.stop();
});

test("a first mailbox is offered once it is known which ways there are", async ({
  page,
  deck,
  workspace,
}) => {
  expect((await workspace.api.get("/mailboxes")).items).toEqual([]);
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/api/v1/mailboxes/providers", async (route) => {
    await answered;
    await route.continue();
  });
  await page.goto(`${deck.url}/settings/mailboxes`);
  await expect(page.getByText("No mailbox yet")).toBeVisible();
  await expect(page.getByRole("button", { name: "With a password" })).toBeHidden();
  answer();
  await expect(page.getByRole("button", { name: "Add a mailbox" })).toBeVisible();
});

test("a mailbox is connected by a consent, and again when that was withdrawn", async ({
  page,
  deck,
  workspace,
}) => {
  const provider = await Provider.start();
  const { registration } = provider;
  await page.goto(`${deck.url}/settings/providers`);
  await page.getByRole("button", { name: "Enter the registration" }).first().click();
  await page.getByLabel("Client id").fill(registration.client_id);
  await page.getByRole("textbox", { name: "Client secret" }).fill(registration.client_secret);
  await page.getByRole("button", { name: "Other addresses" }).click();
  await page.getByLabel("Authorization address").fill(registration.authorization_url);
  await page.getByLabel("Token address").fill(registration.token_url);
  await page.getByLabel("IMAP host").fill("127.0.0.1");
  await page.getByText("None", { exact: true }).click();
  await expect(page.getByLabel("IMAP port")).toHaveValue("143");
  await page.getByLabel("IMAP port").fill(String(registration.port));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Google can be used to connect mailboxes")).toBeVisible();

  await page.goto(`${deck.url}/settings/mailboxes`);
  await page.getByRole("button", { name: "Connect with Google" }).click();
  await expect(page.getByText("elena@northlight.example is connected")).toBeVisible();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await expect(page.getByText("reads INBOX, Junk, Sent")).toBeVisible();

  await provider.withdraw();
  const { items } = await workspace.api.get("/mailboxes");
  await workspace.api.patch(`/mailboxes/${items[0].id}`, { name: "Elena" }, items[0].version);
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByText("A mailbox of yours is not read any more")).toBeVisible();
  await page.getByRole("link", { name: "To the mailboxes" }).click();
  const again = page.getByRole("button", { name: "Connect again" });
  await again.click();
  await expect(page.getByText("Elena is connected")).toBeVisible();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await expect(again).toBeHidden();
  await expect(page.getByText("A mailbox of yours is not read any more")).toBeHidden();
  await provider.stop();
});

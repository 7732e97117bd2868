import { Dovecot, MAILBOX } from "../support/dovecot.ts";
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
  await expect
    .poll(async () => (await workspace.api.get(`/emails/${id}`)).uncertain, { timeout: 60_000 })
    .toBe(true);

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

  await page.goto(`${deck.url}/emails/delivered`);
  await page.getByRole("row").filter({ hasText: subject }).click({ timeout: 40_000 });
  await expect(page.getByText("found in “Sent” of Work")).toBeVisible();
  await dovecot.stop();
});

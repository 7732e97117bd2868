import { expect, test } from "../support/test.ts";
import { ADMIN } from "../support/workspace.ts";

test("a channel that a restore paused says what is due, and sends it only once somebody has answered", async ({
  page,
  deck,
  workspace,
}) => {
  const [channel] = (await workspace.api.get("/channels")).items;
  await workspace.api.put(`/channels/${channel.id}/pause`, {});
  for (const n of [1, 2]) await workspace.send(`accept.person${n}@harbour.example`, `Chart ${n}`);
  const restored = await deck.restore();

  await page.goto(`${restored}/settings/channels`);
  await page.getByRole("textbox", { name: "Email" }).fill(ADMIN.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(/^Restored from a backup of/)).toBeVisible();

  const resume = page.getByRole("button", { name: "Resume Simulator" });
  const question = page.getByText(/^2 emails are due and leave through Simulator at once/);
  await resume.click();
  await expect(question).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  expect(await deck.mail()).not.toContainEqual(expect.stringContaining("Subject: Chart"));

  await resume.click();
  await page.getByRole("button", { name: "Resume and send 2" }).click();
  await expect(page.getByRole("button", { name: "Pause Simulator" })).toBeVisible();
  await page.goto(`${restored}/emails/delivered`);
  await expect(page.getByRole("row").filter({ hasText: "Chart" })).toHaveCount(2);

  // What is due by then is nothing: the next pause is lifted without a question.
  await page.goto(`${restored}/settings/channels`);
  await page.getByRole("button", { name: "Pause Simulator" }).click();
  await resume.click();
  await expect(page.getByRole("button", { name: "Pause Simulator" })).toBeVisible();
});

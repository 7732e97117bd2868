import { expect, test } from "../support/test.ts";

test("a bounce comes back to an address of our own, and the channel says what it hears of", async ({
  page,
  deck,
  workspace,
}) => {
  await page.goto(`${deck.url}/settings/channels`);
  await expect(page.getByText("Hears of refusals at once, and of nothing later")).toBeVisible();
  await page.getByRole("button", { name: "What comes back to Simulator" }).click();
  await page.getByLabel("Return addresses at this domain").fill("bounces.deck.example");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByLabel("Address for complaints")).toHaveValue(
    /^f\+[a-z2-7]+@bounces\.deck\.example$/,
  );
  await expect(page.getByText("later of bounces, delays, and complaints")).toBeVisible();

  await page.getByLabel("Calls of the provider").selectOption("Postmark");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("At least 16 characters")).toBeVisible();
  await expect(page.getByText("The address for the webhook is shown once this is saved.")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill("sixteen letters!");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const address = await page.getByLabel("Address for the webhook").inputValue();
  await expect(page.getByText("Has not called yet")).toBeVisible();
  expect((await page.request.post(address, { data: {} })).status()).toBe(401);
  await page.reload();
  await page.getByRole("button", { name: "What comes back to Simulator" }).click();
  await expect(page.getByText("The password was wrong or missing.")).toBeVisible();

  const topic = page.getByLabel("ARN of the SNS topic");
  await page.getByLabel("Calls of the provider").selectOption("Amazon SES");
  await topic.fill("arn:aws:sns:eu-west-1:123456789012:events");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved how Simulator learns")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "What comes back to Simulator" }).click();
  await expect(topic).toHaveValue("arn:aws:sns:eu-west-1:123456789012:events");

  await workspace.sendUntil("bounced", "bounce-later.ana@harbour.example", "Taken and taken back");
  await page.goto(`${deck.url}/emails/bounced`);
  await expect(page.getByText("Taken and taken back")).toBeVisible();
});

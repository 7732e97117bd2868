import { openDraft } from "../support/screens.ts";
import { expect, test } from "../support/test.ts";

test("a scheduled email waits and says when and why", async ({ page, deck, workspace }) => {
  await workspace.draft("accept.marta@harbour.example", "Charts");
  await openDraft(page, deck, "Charts");
  await page.getByRole("button", { name: /^Schedule/ }).click();
  await page.getByRole("button", { name: /^Tomorrow morning/ }).click();
  await page.getByRole("button", { name: /^Schedule for/ }).click();

  await page.goto(`${deck.url}/emails/scheduled`);
  const row = page.getByRole("row").filter({ hasText: "Charts" });
  await expect(row).toContainText("Your time");
  await expect(row).toContainText("09:00");
});

test("a server that asks to come back later is named as the reason", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("scheduled", "grey.marta@harbour.example", "Charts");
  await page.goto(`${deck.url}/emails/scheduled`);
  await expect(page.getByRole("row").filter({ hasText: "Charts" })).toContainText(
    "The server asked us to wait",
  );
});

test("a follow-up quotes the email and threads with it", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await page.goto(`${deck.url}/emails/delivered`);
  await page.getByRole("row").filter({ hasText: "Charts for the crossing" }).click();
  await page.keyboard.press("f");
  await expect(page.getByRole("textbox", { name: "Subject" })).toHaveText("Re: Charts for the crossing");
  await expect(page.getByRole("textbox", { name: "Message" })).toContainText("Ahoy.");
  await page.getByRole("button", { name: /^Send/ }).click();

  const answer = async () => (await deck.mail()).find((message) => message.includes("Re: Charts"));
  await expect.poll(answer).toBeTruthy();
  const original = (await deck.mail()).find((message) => message.includes("Subject: Charts"));
  const id = original?.match(/^Message-ID: (<.+>)/im)?.[1];
  expect(await answer()).toMatch(/^In-Reply-To: /im);
  expect(await answer()).toContain(id);
});

test("scripts that were pasted are removed, and the writer is told", async ({ page, deck, workspace }) => {
  await workspace.draft("accept.marta@harbour.example", "Charts");
  await openDraft(page, deck, "Charts");
  await page.getByRole("textbox", { name: "Message" }).evaluate((editor) => {
    const data = new DataTransfer();
    data.setData("text/html", "<p>Ahoy</p><script>alert(1)</script>");
    editor.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await expect(page.getByText(/Removed from the message because it could do harm: scripts/)).toBeVisible();
});

test("an attachment arrives as it was", async ({ page, deck, workspace }) => {
  await workspace.draft("accept.marta@harbour.example", "Charts");
  await openDraft(page, deck, "Charts");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await chooser).setFiles({
    name: "chart.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("x marks it"),
  });
  await expect(page.getByRole("button", { name: "Remove chart.txt" })).toBeVisible();
  await expect(page.getByText("Draft saved")).toBeVisible();
  await page.getByRole("button", { name: /^Send/ }).click();
  await expect
    .poll(async () => (await deck.mail()).some((message) => message.includes("chart.txt")))
    .toBe(true);
});

test("a field that is written by hand is a field, and what follows it is text", async ({
  page,
  deck,
  workspace,
}) => {
  await workspace.draft("accept.marta@harbour.example", "Charts for the crossing");
  await openDraft(page, deck, "Charts for the crossing");
  const message = page.getByRole("textbox", { name: "Message" });
  await message.press("ControlOrMeta+a");
  await page.keyboard.type("Hello {{company | default: 'all'}}, here they are.");
  await expect(message.locator("[data-field=company]")).toHaveAttribute("data-fallback", "all");
  await expect(message).toHaveText(/^Hello Company, here they are\./);
});

import type { Page } from "@playwright/test";
import { Api } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import { ADMIN, verificationLink } from "../support/workspace.ts";

test("somebody who has never seen Quarterdeck writes an email and watches what becomes of it", async ({
  page,
  deck,
}) => {
  await test.step("the terminal's link makes the first administrator", async () => {
    await page.goto(deck.setupLink);
    await page.getByLabel("Name of your organisation").fill("Marlow and Sons");
    await page.getByLabel("Your name").fill(ADMIN.name);
    await page.getByLabel("Your email address").fill(ADMIN.email);
    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.getByRole("button", { name: "Start" }).click();
    await expect(page.getByRole("navigation", { name: "Folders" })).toBeVisible();
  });

  await test.step("a channel is tested, step by step, and added", async () => {
    await page.goto(`${deck.url}/settings/channels`);
    await page.getByRole("button", { name: "Add a channel" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Simulator");
    await page.getByLabel("Host").fill("127.0.0.1");
    await page.getByText("None", { exact: true }).click();
    await page.getByLabel("Port").fill(String(deck.smtpPort));
    await page.getByRole("combobox", { name: "Signs in with" }).click();
    await page.getByRole("option", { name: "Nothing" }).click();
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await expect(page.getByText(/^Everything works\./)).toBeVisible();
    await expect(page.getByText("Introduce ourselves")).toBeVisible();
    await page.getByRole("button", { name: "Add the channel" }).click();
    await expect(page.getByText("Sending", { exact: true })).toBeVisible();
  });

  await test.step("an identity is verified through the mailed link", async () => {
    await page.goto(`${deck.url}/settings/identities`);
    await page.getByRole("button", { name: "Add an identity" }).click();
    await page.getByRole("button", { name: "Add and mail the link" }).click();
    await expect(page.getByText("Not verified")).toBeVisible();
    await page.goto(await verificationLink(deck));
    await page.getByRole("button", { name: "Confirm" }).click();
    await expect(page.getByText(`You can now send as ${ADMIN.email}.`)).toBeVisible();
  });

  const api = new Api(deck.url, page.request);
  await api.post("/people", {
    address: "click.marta@harbour.example",
    first_name: "Marta",
    last_name: "Silva",
    company: "Harbour",
  });
  await api.patch("/me", { undo_window_s: 120 });

  await test.step("an email with a dynamic field is written, sent and taken back", async () => {
    await page.goto(`${deck.url}/emails/delivered`);
    await writeTo(page, "Marta", "Marta Silva");
    await page.getByRole("textbox", { name: "Subject" }).fill("Charts for the crossing");
    const body = page.getByRole("textbox", { name: "Message" });
    await body.click();
    await page.keyboard.type("Ahoy {");
    await page.getByLabel("Find a field").fill("First name");
    await page.keyboard.press("Enter");
    await page.keyboard.type(", see ");
    await page.getByRole("button", { name: "Link", exact: true }).click();
    await page.getByLabel("Address of the link").fill(`${deck.url}/healthz`);
    await page.getByRole("button", { name: "Put in", exact: true }).click();
    await expect(page.getByText("Draft saved")).toBeVisible();
    await page.getByRole("button", { name: /^Send/ }).click();
    await expect(page.getByText("Sending to Marta Silva")).toBeVisible();
    await page.getByRole("button", { name: /^Undo/ }).click();
    await expect(page.getByRole("textbox", { name: "Subject" })).toHaveText("Charts for the crossing");
  });

  await test.step("it is sent again and lands in Delivered by itself", async () => {
    await api.patch("/me", { undo_window_s: 10 });
    await page.getByRole("button", { name: /^Send/ }).click();
    await expect(row(page, "Marta Silva")).toBeVisible();
    expect((await deck.mail()).some((message) => message.includes("Ahoy Marta"))).toBe(true);
  });

  await test.step("views and clicks arrive while the page is open", async () => {
    await expect(row(page, "Marta Silva").getByText(/[1-9]\d* views? by people/)).toBeAttached({
      timeout: 90_000,
    });
    await expect(row(page, "Marta Silva").getByText(/[1-9]\d* clicks? by people/)).toBeAttached({
      timeout: 90_000,
    });
    await row(page, "Marta Silva").click();
    const details = page.getByRole("region", { name: "Email to Marta Silva" });
    await expect(details.getByText("Clicked", { exact: true }).first()).toBeVisible();
    await expect(details.getByText("Accepted", { exact: true }).first()).toBeVisible();
    await expect(
      details.frameLocator("iframe[title='The message as it was sent']").getByText("Ahoy Marta"),
    ).toBeVisible();
    await details.getByRole("button", { name: "Close", exact: true }).click();
  });

  await test.step("a refused recipient lands in Bounced with the server's words", async () => {
    await writeTo(page, "nobody.here@harbour.example", "Write to nobody.here@harbour.example");
    await page.getByRole("textbox", { name: "Subject" }).fill("Is anybody there?");
    await page.getByRole("textbox", { name: "Message" }).fill("Ahoy.");
    await page.getByRole("button", { name: /^Send/ }).click();
    await page.getByRole("link", { name: /^Undelivered/ }).click();
    await page.getByRole("link", { name: /^Bounced/ }).click();
    const bounced = row(page, "nobody.here@harbour.example");
    await expect(bounced).toContainText("No such mailbox");
    await bounced.click();
    await expect(page.getByText(/550 5\.1\.1/).first()).toBeVisible();
  });
});

/** Opens the compose window and chooses whom to write to. */
async function writeTo(page: Page, typed: string, option: string): Promise<void> {
  await page.getByRole("button", { name: "Compose" }).first().click();
  await page
    .getByRole("combobox", { name: "To", exact: true })
    .or(page.getByLabel("To", { exact: true }))
    .first()
    .fill(typed);
  await page.getByRole("option", { name: option }).click();
}

function row(page: Page, name: string) {
  return page.getByRole("row").filter({ hasText: name });
}

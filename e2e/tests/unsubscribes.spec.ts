import { expectAccessible } from "../support/accessibility.ts";
import type { Quarterdeck } from "../support/quarterdeck.ts";
import { expect, test } from "../support/test.ts";

const MARTA = "accept.marta@harbour.example";

test("a recipient unsubscribes by the link, nothing more goes to them, and an administrator lets mail go again", async ({
  page,
  deck,
  workspace,
  browser,
}) => {
  await test.step("the administrator lets every email end with the link", async () => {
    await page.goto(`${deck.url}/settings/unsubscribes`);
    await page.getByLabel("End every email with them").check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  });

  const id = await workspace.sendUntil("delivered", MARTA, "Charts for the crossing");
  const link = await unsubscribeLink(deck);

  await test.step("the recipient looks, and then unsubscribes with a reason", async () => {
    const recipient = await browser.newContext({ locale: "en-GB", viewport: { width: 390, height: 844 } });
    const theirs = await recipient.newPage();
    await theirs.goto(link);
    await expect(theirs.getByRole("heading", { name: "Stop email from Marlow and Sons?" })).toBeVisible();
    await expectAccessible(theirs);
    expect((await workspace.api.get("/stops")).items).toEqual([]);
    await theirs.getByLabel("Too many emails").check();
    await theirs.getByRole("button", { name: "Unsubscribe" }).click();
    await expect(theirs.getByText("You are unsubscribed")).toBeVisible();
    await theirs.getByRole("button", { name: "Undo" }).click();
    await expect(theirs.getByText("Undone.")).toBeVisible();
    await theirs.getByLabel("Too many emails").check();
    await theirs.getByRole("button", { name: "Unsubscribe" }).click();
    await expect(theirs.getByText("You are unsubscribed")).toBeVisible();
    await theirs.reload();
    await expect(theirs.getByText("You are unsubscribed")).toBeVisible();
    const [stop, ...others] = (await workspace.api.get("/stops")).items;
    expect([stop.source, others], "loading it again does nothing again").toEqual(["link", []]);
    await recipient.close();
  });

  await test.step("the sender sees it in the details, and the next email is refused with the reason", async () => {
    await page.goto(`${deck.url}/emails/delivered?open=${id}`);
    await page.getByRole("row").filter({ hasText: "Charts for the crossing" }).click();
    const details = page.getByRole("region", { name: `Email to ${MARTA}` });
    await expect(
      details.getByText(/The recipient used the link in “Charts for the crossing”/).first(),
    ).toBeVisible();
    await expect(details.getByText(/Reason: too many emails/).first()).toBeVisible();
    await details
      .getByRole("button", { name: /^Follow-up|^Follow up/ })
      .first()
      .click();
    await expect(page.getByText(/This person unsubscribed\./)).toBeVisible();
    await expect(page.getByRole("button", { name: /^Send/ })).toBeDisabled();
    await page.keyboard.press("Escape");
  });

  await test.step("the administrator lets mail go again, and says why", async () => {
    await page.goto(`${deck.url}/settings/unsubscribes`);
    await page.getByRole("button", { name: `Mail again: ${MARTA}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Reason" }).click();
    await page.getByRole("option", { name: "They asked for it" }).click();
    await dialog.getByRole("button", { name: "Mail again" }).click();
    await expect(page.getByText("Everybody can be mailed")).toBeVisible();
    const again = await workspace.api.post("/emails", {
      person_id: (await workspace.api.get("/people?q=marta")).items[0].id,
      subject: "Back again",
      body_html: "<p>Ahoy</p>",
    });
    expect(again.checks).toEqual([]);
  });
});

/** The link in the newest mail that has one. */
async function unsubscribeLink(deck: Quarterdeck): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(async () => {
      const texts = (await deck.mail()).map((raw) => raw.replace(/=\r?\n/g, "").replace(/=3D/gi, "="));
      link = texts.map((text) => text.match(/https?:\/\/[\w.:-]+\/u\/[\w-]+/)?.[0]).findLast(Boolean);
      return link;
    })
    .toBeTruthy();
  return link ?? "";
}

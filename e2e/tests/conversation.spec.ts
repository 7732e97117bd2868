import { expectAccessible } from "../support/accessibility.ts";
import { Dovecot, MAILBOX } from "../support/dovecot.ts";
import type { Quarterdeck } from "../support/quarterdeck.ts";
import { expect, test } from "../support/test.ts";
import { ADMIN, type Workspace } from "../support/workspace.ts";

const MARTA = "accept.marta@harbour.example";
const SUBJECT = "Charts for the crossing";
/** When Marta is back, as her program says it and as the page does. */
const BACK = new Date(Date.now() + 14 * 86_400_000);
const AWAY = `Away until ${day(BACK, "short").replace(` ${new Date().getUTCFullYear()}`, "")}`;

function day(moment: Date, month: "long" | "short"): string {
  const parts = { day: "numeric", month, year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", parts).format(moment);
}

test("an answer is read in the conversation, answered in its thread, and told by the feed", async ({
  page,
  deck,
  workspace,
}) => {
  const dovecot = await Dovecot.start();
  await readMailOf(workspace, dovecot);
  const id = await workspace.sendUntil("delivered", MARTA, SUBJECT);
  const sent = await sentMessage(deck);
  await dovecot.receive(away(sent.id));
  await dovecot.receive(reply(sent.id));
  await expect.poll(async () => (await workspace.api.get(`/emails/${id}`)).activity.replies).toBe(1);
  await scannerFollows(sent.link);

  await page.goto(`${deck.url}/emails/delivered`);
  await page.getByRole("button", { name: /^Open the live feed/ }).click();
  const feed = page.getByRole("feed", { name: "Live feed" });
  await expect(feed.getByRole("button", { name: /Replied/ })).toContainText("Thursday works");
  await expect(feed.getByRole("button", { name: /Automatic reply/ })).toContainText(AWAY);
  await expect(feed.getByRole("button", { name: /Clicked/ })).toHaveCount(0);
  await page.getByRole("button", { name: "What the feed shows" }).click();
  await page.getByRole("switch", { name: "Also what machines did" }).check();
  await expect(feed.getByRole("button", { name: /Clicked automatically/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await feed.getByRole("button", { name: /Replied/ }).click();
  await expect(page).toHaveURL(new RegExp(`email=${id}`));

  const details = page.getByRole("region", { name: /^Email to/ });
  await expect(details.getByText("Replied", { exact: true }).first()).toBeVisible();
  await expect(details.getByText("Automatic reply", { exact: true }).first()).toBeVisible();
  await expect(details.getByText(AWAY).first()).toBeVisible();
  const message = details.frameLocator('iframe[title="The message from Marta"]');
  await expect(message.getByText("Thursday works")).toBeVisible();
  await expect(message.getByText("Shall we meet?")).toHaveCount(0);
  await details.getByRole("button", { name: "Show whole message" }).last().click();
  await expect(message.getByText("Shall we meet?")).toBeVisible();
  await expectAccessible(page);

  await details.getByRole("listitem").getByRole("button", { name: "Reply", exact: true }).click();
  await expect(page.getByText(/^Reply to/)).toBeVisible();
  const body = page.getByRole("textbox", { name: "Message" });
  await expect(body).toContainText("Thursday works");
  await body.press("ControlOrMeta+Home");
  await body.pressSequentially("See you then.");
  await page.keyboard.press("ControlOrMeta+Enter");
  const answer = async () => (await deck.mail()).find((raw) => raw.includes("See you then."));
  await expect.poll(answer).toContain("In-Reply-To: <r1@harbour.example>");
  expect(await answer()).toMatch(new RegExp(`References:[^:]*<${sent.id}>`));
  await dovecot.stop();
});

test("the desktop is told of an answer when it may be, and pressing that opens the email", async ({
  page,
  context,
  deck,
  workspace,
}) => {
  const dovecot = await Dovecot.start();
  await readMailOf(workspace, dovecot);
  const id = await workspace.sendUntil("delivered", MARTA, SUBJECT);
  const sent = await sentMessage(deck);
  await page.addInitScript(rememberNotifications);

  const tell = page.getByRole("switch", { name: "Tell me on the desktop" });
  await page.goto(`${deck.url}/emails/delivered`);
  await page.getByRole("button", { name: /^Open the live feed/ }).click();
  await page.getByRole("button", { name: "What the feed shows" }).click();
  await tell.click();
  await expect(page.getByText(/^This browser blocks notifications/)).toBeVisible();
  await expect(tell).not.toBeChecked();
  await context.grantPermissions(["notifications"], { origin: deck.url });
  await tell.click();
  await expect(tell).toBeChecked();
  await page.keyboard.press("Escape");

  await dovecot.receive(reply(sent.id));
  const told = () => page.evaluate(() => window.told.map(({ title, body }) => `${title}: ${body}`));
  await expect.poll(told).toEqual([expect.stringContaining("Replied · “Thursday works.”")]);
  await page.evaluate(() => window.told[0]?.onclick?.(new Event("click")));
  await expect(page).toHaveURL(new RegExp(`email=${id}`));
  await dovecot.stop();
});

test("what an address refused goes to another one", async ({ page, deck, workspace }) => {
  const id = await workspace.sendUntil("bounced", "nobody.jonas@harbour.example", SUBJECT);
  await page.goto(`${deck.url}/emails/bounced?email=${id}`);
  const details = page.getByRole("region", { name: /^Email to/ });
  await expect(details.getByText("No such mailbox", { exact: true })).toHaveCount(1);
  await expect(details.getByText(/has been held back since/)).toBeVisible();
  await expect(details.getByRole("button", { name: "It works again" })).toBeVisible();
  await details.getByRole("button", { name: "To another address" }).last().click();
  await expect(page.getByRole("textbox", { name: "Subject" })).toHaveText(SUBJECT);
  await page.keyboard.type(MARTA);
  await page.getByRole("option", { name: `Write to ${MARTA}` }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toContainText("Ahoy.");
  await page.keyboard.press("ControlOrMeta+Enter");
  const copy = async () => (await deck.mail()).find((raw) => raw.includes(MARTA)) ?? "";
  await expect.poll(copy).toContain(SUBJECT);
});

declare global {
  interface Window {
    told: (Notification & { body: string })[];
  }
}

/** Keeps what the page shows on the desktop, and lets it believe that nobody looks at it. */
function rememberNotifications(): void {
  window.told = [];
  const Real = window.Notification;
  window.Notification = class extends Real {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options);
      window.told.push(this);
    }
  };
  document.hasFocus = () => false;
}

/** Lets the mailbox of the sender be read, and waits until somebody is looking. */
async function readMailOf(workspace: Workspace, dovecot: Dovecot): Promise<void> {
  const mailbox = await workspace.api.post("/mailboxes", {
    name: "Work",
    host: "127.0.0.1",
    port: dovecot.port,
    security: "none",
    ...MAILBOX,
  });
  const [identity] = (await workspace.api.get("/identities")).items;
  await workspace.api.patch(`/identities/${identity.id}`, { mailbox_id: mailbox.id }, identity.version);
  await expect
    .poll(async () => (await workspace.api.get(`/mailboxes/${mailbox.id}`)).reading.looked_at)
    .toBeTruthy();
}

/** The email as Marta received it: its Message-ID and its tracked link. */
async function sentMessage(deck: Quarterdeck): Promise<{ id: string; link: string }> {
  const find = async () => (await deck.mail()).find((raw) => raw.includes(SUBJECT)) ?? "";
  await expect.poll(find).not.toBe("");
  const raw = await find();
  const text = raw.replace(/=\r?\n/g, "").replace(/=3D/gi, "=");
  const id = text.match(/^Message-ID: <([^>]+)>/im)?.[1] ?? "";
  const link = text.match(/https?:\/\/[^"\s]+\/c\/[\w-]+/)?.[0] ?? "";
  return { id, link };
}

/** A program follows the link, and says what it is. */
async function scannerFollows(link: string): Promise<void> {
  await fetch(link, { redirect: "manual", headers: { "User-Agent": "curl/8.5" } });
}

function reply(answers: string): string {
  return `From: Marta <${MARTA}>
To: <${ADMIN.email}>
Subject: Re: ${SUBJECT}
Message-ID: <r1@harbour.example>
In-Reply-To: <${answers}>
References: <${answers}>
Date: ${new Date().toUTCString()}
Content-Type: text/plain; charset=utf-8

Thursday works.

On Mon, 4 May 2026 at 10:11, ${ADMIN.name} <${ADMIN.email}> wrote:
> Shall we meet?
`;
}

function away(answers: string): string {
  return `From: Marta <${MARTA}>
To: <${ADMIN.email}>
Subject: Out of office
Message-ID: <a1@harbour.example>
In-Reply-To: <${answers}>
Auto-Submitted: auto-replied
Date: ${new Date().toUTCString()}
Content-Type: text/plain; charset=utf-8

I am out of the office until ${day(BACK, "long")}.
`;
}

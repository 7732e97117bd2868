import { expectAccessible } from "../support/accessibility.ts";
import { HOST, Secured } from "../support/secured.ts";
import { handIn } from "../support/smtp.ts";
import { expect, test } from "../support/test.ts";

let secured: Secured;
test.beforeEach(async ({ context }) => {
  secured = await Secured.start(context.request);
});
test.afterEach(async () => secured.stop());

/** The newest message with this subject, its folded lines and soft line breaks undone. */
async function letter(subject: string): Promise<string> {
  const mail = await secured.deck.mail();
  const raw = mail.findLast((message) => message.includes(`Subject: ${subject}`)) ?? "";
  return raw
    .replace(/=\r?\n/g, "")
    .replace(/=3D/gi, "=")
    .replace(/\r?\n[ \t]+/g, " ");
}

test("a tracking domain is checked before it is used, and then links of new mail lead through it", async ({
  page,
}) => {
  const { workspace, authority, deck, host } = secured;
  await workspace.sendUntil("delivered", "accept.first@harbour.example", "Before the host");
  await page.goto(`${deck.url}/settings/tracking-domain`);
  await page.getByLabel("Host", { exact: true }).fill(host);
  await page.getByRole("button", { name: "Enter the host" }).click();
  await expect(page.getByLabel("A record at")).toHaveValue(HOST);
  await expect(page.getByLabel("with the value")).toHaveValue("127.0.0.1");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText("DNS leads this name to no address yet.")).toBeVisible();
  await page.getByRole("button", { name: "Check and switch on" }).click();
  await expect(page.getByText("DNS leads this name to no address yet.")).toBeVisible();
  await expect(page.getByText("Not in use", { exact: true })).toBeVisible();
  await expectAccessible(page);

  await authority.publish(HOST, "A", "127.0.0.1");
  await page.getByRole("button", { name: "Check and switch on" }).click();
  await expect(page.getByText("The host leads here and can be used.")).toBeVisible();
  await expect(page.getByText(/certificate issued by CN=Pebble .*, good until/)).toBeVisible();
  await expect(page.getByText("In use", { exact: true })).toBeVisible();
  await expect(page.getByText(`Links and pixels of new mail lead through ${host}.`)).toBeVisible();
  await expectAccessible(page);

  await workspace.sendUntil("delivered", "accept.second@harbour.example", "After the host");
  await expect.poll(() => letter("After the host")).toContain(`https://${host}/c/`);
  const after = await letter("After the host");
  expect(after).not.toContain(`${deck.url}/c/`);
  expect(await letter("Before the host")).toContain(`${deck.url}/c/`);
  const pixel = after.match(/https:\/\/[^/"]+(\/o\/[\w./-]+)"/)?.[1] ?? "no pixel";
  expect(await secured.ask(pixel)).toMatchObject({ status: 200, kind: "image/gif" });
  expect(await secured.ask("/sign-in")).toMatchObject({ status: 404 });
});

test("the header lets a mail program unsubscribe with one click, or by a mail to the address in it", async () => {
  const { workspace, authority, deck, host, inboundPort } = secured;
  const { api } = workspace;
  await test.step("mail is signed, ends with the link, and leads through the host", async () => {
    await authority.publish(HOST, "A", "127.0.0.1");
    await api.put("/tracking-domain", { host });
    expect(await api.put("/tracking-domain/active", {})).toMatchObject({ ok: true });
    await api.patch("/unsubscribe-message", { appended: true }, 0);
    const channel_id = (await api.get("/channels")).items[0].id;
    await api.put(`/channels/${channel_id}/feedback`, {
      return_domain: "bounces.deck.example",
      webhook: null,
    });
    const key = await api.post("/dkim-keys", { channel_id, domain: "deck.example", algorithm: "ed25519" });
    await authority.publish(key.record.name, key.record.kind, key.record.value);
    await api.put(`/dkim-keys/${key.id}/signing`, { unchecked: false });
  });

  const left = async () => (await api.get("/stops")).items.map(({ source }: { source: string }) => source);
  const ways = async (subject: string) => {
    await expect.poll(() => letter(subject)).not.toBe("");
    const message = await letter(subject);
    const link = message.match(/^List-Unsubscribe: <(https:[^>]+)>, <mailto:([^?>]+)\?subject=unsubscribe>/m);
    return { message, link: new URL(link?.[1] ?? "about:nothing"), mailbox: link?.[2] ?? "" };
  };

  await test.step("a mail program posts one click (RFC 8058)", async () => {
    await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
    const { message, link, mailbox } = await ways("Charts for the crossing");
    expect(link.host).toBe(host);
    expect(mailbox).toMatch(/^r\+\S+@bounces\.deck\.example$/);
    expect(message).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    const signature = message.match(/^DKIM-Signature: (.+)$/m)?.[1] ?? "";
    const signed = signature
      .match(/ h=([^;]+);/)?.[1]
      ?.replace(/\s/g, "")
      .toLowerCase()
      .split(":");
    expect(signed).toEqual(expect.arrayContaining(["from", "list-unsubscribe", "list-unsubscribe-post"]));

    const page = await secured.ask(link.pathname);
    expect(page).toMatchObject({ status: 200, kind: "text/html; charset=utf-8" });
    expect(page.body).toContain("Stop email from Marlow and Sons?");
    expect(await left()).toEqual([]);
    expect(await secured.ask(link.pathname, "List-Unsubscribe=One-Click")).toMatchObject({ status: 200 });
    expect(await left()).toEqual(["one_click"]);
  });

  await test.step("another writes to the address", async () => {
    const lena = "accept.lena@harbour.example";
    await workspace.sendUntil("delivered", lena, "Charts for the return");
    const { mailbox } = await ways("Charts for the return");
    const message = `From: <${lena}>\nTo: <${mailbox}>\nSubject: unsubscribe\nMessage-ID: <1@harbour.example>\n\n`;
    await handIn(inboundPort, lena, mailbox, message);
    await expect.poll(left).toEqual(["mailto", "one_click"]);
    const [{ address }] = (await api.get("/stops")).items;
    expect(address).toBe(lena);
    expect(deck.said()).not.toMatch(/ERROR/);
  });
});

import { expect, test } from "../support/test.ts";

test("an email is archived by a key, and brought back by another", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await page.goto(`${deck.url}/emails/delivered`);
  const row = page.getByRole("row").filter({ hasText: "Charts for the crossing" });
  await expect(row).toBeVisible();

  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await expect(row).toBeHidden();
  await expect(page.getByText("1 archived")).toBeVisible();

  await page.keyboard.press("z");
  await expect(row).toBeVisible();
});

test("several emails are archived together and unarchived in their folder", async ({
  page,
  deck,
  workspace,
}) => {
  for (const n of [1, 2, 3]) {
    await workspace.sendUntil("delivered", `accept.person${n}@harbour.example`, `Chart ${n}`);
  }
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByRole("row").filter({ hasText: "Chart" })).toHaveCount(3);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  await page.getByRole("button", { name: /^Archive/ }).click();
  await expect(page.getByText("3 archived")).toBeVisible();

  await page.getByRole("link", { name: /^Archived/ }).click();
  await expect(page.getByRole("row").filter({ hasText: "Chart" })).toHaveCount(3);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  await page.getByRole("button", { name: /^Unarchive/ }).click();
  await expect(page.getByText("3 back in Delivered")).toBeVisible();
});

test("the box of a row is ticked as soon as it is clicked, with the pointer still on it", async ({
  page,
  deck,
  workspace,
}) => {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await page.goto(`${deck.url}/emails/delivered`);
  const row = page.getByRole("row").filter({ hasText: "Charts for the crossing" });
  await row.hover();
  const box = row.getByRole("checkbox");
  await box.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await expect(box).toBeChecked();
  await box.click();
  await expect(row).toHaveAttribute("aria-selected", "false");
  await expect(box).not.toBeChecked();
});

test("mail that nobody knows the fate of waits for a decision", async ({ page, deck, workspace }) => {
  const id = await workspace.send("drop-answer.marta@harbour.example", "Charts for the crossing");
  await expect.poll(async () => (await workspace.api.get(`/emails/${id}`)).uncertain).toBe(true);
  const refused: string[] = [];
  page.on("response", (response) => response.status() >= 400 && refused.push(response.url()));
  await page.goto(`${deck.url}/emails/in_progress`);
  await page.getByRole("row").filter({ hasText: "Charts for the crossing" }).click();
  const doubt = page.getByText("This may have been sent");
  await expect(doubt).toBeVisible();
  await page.getByRole("button", { name: "It arrived" }).click();
  await expect(page.getByText("Kept as delivered")).toBeVisible();
  await expect(doubt).toBeHidden();
  await page.keyboard.press("z");
  await expect(doubt, "by mistake").toBeVisible();
  await page.getByRole("button", { name: "It arrived" }).click();
  await expect(doubt).toBeHidden();
  expect(refused, "nothing is asked that cannot be answered").toEqual([]);
});

test("what is sent again by mistake is called back in the undo window, and nobody gets it twice", async ({
  page,
  deck,
  workspace,
}) => {
  const subject = "Charts for the crossing";
  const id = await workspace.send("drop-answer.marta@harbour.example", subject);
  await expect.poll(async () => (await workspace.api.get(`/emails/${id}`)).uncertain).toBe(true);
  await workspace.api.patch("/me", { undo_window_s: 120 });
  await page.goto(`${deck.url}/emails/in_progress`);
  const row = page.getByRole("row").filter({ hasText: subject });
  await row.click();
  const again = page.getByRole("button", { name: "Send again" });
  await again.click();
  await expect(page.getByText("Sending again")).toBeVisible();
  await expect(row).toBeHidden();
  await page.getByRole("button", { name: /^Undo \d+ s/ }).click();
  await expect(row).toBeVisible();
  await expect(page.getByText("This may have been sent")).toBeVisible();
  const received = async () =>
    (await deck.mail()).filter((message) => message.includes(`Subject: ${subject}`));
  expect(await received()).toHaveLength(1);

  await again.click();
  await page.getByRole("link", { name: /^Scheduled/ }).click();
  await expect(row).toBeVisible();
  await page.reload();
  await row.getByRole("button", { name: /^Undo/ }).click();
  await expect(row, "from its row, in a page that was loaded since").toBeHidden();
  await page.getByRole("link", { name: /^In progress/ }).click();
  await workspace.api.patch("/me", { undo_window_s: 0 });
  await row.click();
  await again.click();
  await expect.poll(async () => (await received()).length).toBe(2);
});

test("what was empty for a person is filled in from the row, and the email goes", async ({
  page,
  deck,
  workspace,
}) => {
  const { api } = workspace;
  const draft = await workspace.draft("accept.marta@harbour.example", "Charts for the crossing");
  const { version } = await api.patch(
    `/emails/${draft.id}`,
    { body_html: "<p>Charts for {{company}}</p>" },
    draft.version,
  );
  const { person } = await api.get(`/emails/${draft.id}`);
  const filled = await api.patch(`/people/${person.id}`, { company: "Harbour" }, 1);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await api.post(`/emails/${draft.id}/sending`, { at: tomorrow }, version);
  await api.patch(`/people/${person.id}`, { company: "" }, filled.version);
  await api.post("/email-actions", { action: "send_now", email_ids: [draft.id] });

  await page.goto(`${deck.url}/emails/failed`);
  const row = page.getByRole("row").filter({ hasText: "Charts for the crossing" });
  await row.hover();
  await expect(row.getByRole("button", { name: "Fill it in" })).toBeVisible();
  await expect(row.getByRole("button", { name: "Retry" })).toBeHidden();
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: "What was empty for accept.marta@harbour.example" });
  await dialog.getByRole("textbox", { name: "Company" }).fill("Harbour Charts");
  await dialog.getByRole("button", { name: "Save and retry" }).click();
  await expect(row).toBeHidden();
  await expect
    .poll(async () => (await deck.mail()).some((mail) => mail.includes("Harbour Charts")))
    .toBe(true);
});

test("mail beyond a limit says when it leaves, and so does sending many before it is confirmed", async ({
  page,
  deck,
  workspace,
}) => {
  const [channel] = (await workspace.api.get("/channels")).items;
  const limits = { ...channel.limits, per_minute: 1 };
  await workspace.api.patch(`/channels/${channel.id}`, { limits }, channel.version);
  await workspace.sendUntil("delivered", "accept.person0@harbour.example", "Chart 0");
  for (const n of [1, 2, 3]) await workspace.send(`accept.person${n}@harbour.example`, `Chart ${n}`);

  await page.goto(`${deck.url}/emails/scheduled`);
  const rows = page.getByRole("row").filter({ hasText: "Channel limit per minute" });
  await expect(rows).toHaveCount(3);
  await rows.last().click();
  await expect(page.getByText(/^Leaves \d\d:\d\d · in [23] min$/)).toBeVisible();

  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  const bar = page.getByRole("region", { name: "3 selected" });
  await bar.getByRole("button", { name: /^Send now/ }).click();
  const dialog = page.getByRole("dialog", { name: "Send now?" });
  await expect(dialog.getByText(/^3 emails, the last at \d\d:\d\d\. Limit: 1 a minute\.$/)).toBeVisible();
  await dialog.getByRole("button", { name: "Send 3 emails" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Sent by Ada Marlow")).toHaveCount(2);
});

test("the page follows what happens elsewhere without a reload", async ({ page, deck, workspace }) => {
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByText("Nothing was delivered yet")).toBeVisible();
  await workspace.send("accept.marta@harbour.example", "Charts for the crossing");
  await expect(page.getByRole("row").filter({ hasText: "Charts for the crossing" })).toBeVisible();
});

test("the key of a retry says why it does nothing where only another thing would help", async ({
  page,
  deck,
  workspace,
}) => {
  const [channel] = (await workspace.api.get("/channels")).items;
  await workspace.sendUntil("bounced", "nobody.marta@harbour.example", "To nobody");
  await workspace.api.put(`/channels/${channel.id}/pause`, {});
  await workspace.send("accept.marta@harbour.example", "Without a channel");
  await workspace.api.delete(`/channels/${channel.id}`);

  await page.goto(`${deck.url}/emails/failed`);
  await expect(page.getByRole("row").filter({ hasText: "Without a channel" })).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  await expect(page.getByText(/Give the identity another channel, then retry\.$/)).toBeVisible();

  await page.goto(`${deck.url}/emails/bounced`);
  await expect(page.getByRole("row").filter({ hasText: "To nobody" })).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  await expect(page.getByText(/Sending again will not help until the address is right\.$/)).toBeVisible();
  expect((await workspace.api.get("/emails/counts")).scheduled).toBe(0);
});

test("what could not be sent to the server for want of a connection is sent by itself, and can be undone", async ({
  page,
  deck,
  workspace,
}) => {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await page.goto(`${deck.url}/emails/delivered`);
  const row = page.getByRole("row").filter({ hasText: "Charts for the crossing" });
  await expect(row).toBeVisible();
  await page.route("**/api/v1/email-actions", (route) => route.abort("connectionfailed"), { times: 1 });
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await expect(row).toBeHidden();
  await expect.poll(async () => (await workspace.api.get("/emails/counts")).archived).toBe(1);

  await page.keyboard.press("z");
  await expect(row).toBeVisible();
  await expect.poll(async () => (await workspace.api.get("/emails/counts")).archived).toBe(0);
});

test("a link to an email that is not there says so, however broken it is", async ({
  page,
  deck,
  workspace,
}) => {
  await workspace.draft("accept.marta@harbour.example", "Charts for the crossing");
  for (const id of ["01a19021-0000-7000-8000-000000000000", "01a19021-0000"]) {
    await page.goto(`${deck.url}/emails/delivered?email=${id}`);
    const panel = page.getByRole("region", { name: "No email" });
    await expect(panel.getByText("There is no such email")).toBeVisible();
    await panel.getByRole("button", { name: "Close" }).click();
    await expect(panel).toBeHidden();
  }
});

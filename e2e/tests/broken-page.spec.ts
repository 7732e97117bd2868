import { expectAccessible } from "../support/accessibility.ts";
import { expect, test } from "../support/test.ts";

test("a page that breaks, and an address that leads nowhere, leave the rest of the screen as it is", async ({
  page,
  deck,
  workspace,
}) => {
  await workspace.api.get("/mailboxes");
  await page.route("**/api/v1/mailboxes", (route) =>
    route.fulfill({ json: { items: [{ id: "no mailbox" }] } }),
  );
  await page.goto(`${deck.url}/settings/mailboxes`);
  await expect(page.getByRole("heading", { name: "This page stopped working" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Identities" }).click();
  await expect(page.getByRole("heading", { name: "Identities" })).toBeVisible();

  await page.goto(`${deck.url}/settings/nowhere`);
  await expect(page.getByRole("heading", { name: "There is nothing at this address" })).toBeVisible();
  await page.getByRole("link", { name: "Channels" }).click();
  await expect(page.getByRole("button", { name: "Add a channel" })).toBeVisible();

  const nobodys = "01a2008c-e80b-7000-8000-e483c7def330";
  await page.goto(`${deck.url}/emails/delivered?email=${nobodys}`);
  await expect(page.getByRole("heading", { name: "There is no such email" })).toBeVisible();
});

test("while the server does not answer, grey shapes stand where words will be, and then it is said", async ({
  page,
  deck,
  workspace,
}) => {
  const id = await workspace.sendUntil(
    "delivered",
    "accept.marta@harbour.example",
    "Charts for the crossing",
  );
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByRole("row").filter({ hasText: "Charts for the crossing" })).toBeVisible();
  let answer = (): void => {};
  const silent = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const problem = { type: "/problems/unavailable", title: "The database does not answer.", status: 503 };
  await page.route(`**/api/v1/emails/${id}`, async (route) => {
    await silent;
    await route.fulfill({ status: 503, contentType: "application/problem+json", json: problem });
  });
  await page.getByRole("row").filter({ hasText: "Charts for the crossing" }).click();
  await expect(page.getByRole("region", { name: "Loading" }).getByRole("status")).toBeVisible();
  answer();
  await expect(page.getByRole("heading", { name: "This email did not load" })).toBeVisible();

  await page.route("**/api/v1/session", (route) =>
    route.fulfill({ status: 503, contentType: "application/problem+json", json: problem }),
  );
  await page.route("**/readyz", (route) => route.fulfill({ status: 503 }));
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByRole("heading", { name: "The server cannot answer right now" })).toBeVisible();
  await page.unroute("**/api/v1/session");
  await page.unroute("**/readyz");
  await expect(page.getByRole("row").filter({ hasText: "Charts for the crossing" })).toBeVisible();
});

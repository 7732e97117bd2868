import { expect, test } from "../support/test.ts";

test("what happens after a page has loaded and before it listens is on it all the same", async ({
  page,
  deck,
  workspace,
}) => {
  let listen = () => {};
  const mayListen = new Promise<void>((resolve) => {
    listen = resolve;
  });
  await page.route("**/api/v1/live", async (route) => {
    await mayListen;
    await route.continue();
  });
  await page.goto(`${deck.url}/emails/delivered`);
  await expect(page.getByText("Nothing was delivered yet")).toBeVisible();

  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts");
  listen();
  await expect(page.getByRole("row").filter({ hasText: "Charts" })).toBeVisible();
});

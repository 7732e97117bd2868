import { expectAccessible } from "../support/accessibility.ts";
import { expect, test } from "../support/test.ts";
import type { Workspace } from "../support/workspace.ts";

/** More than the list loads at once. */
async function fillDrafts(workspace: Workspace, count: number): Promise<void> {
  for (let n = 0; n < count; n += 25)
    await Promise.all(
      Array.from({ length: 25 }, (_, k) => workspace.api.post("/emails", { subject: `Chart ${n + k}` })),
    );
}

test("all of a folder is deleted and brought back, and what came later is not touched", async ({
  page,
  deck,
  workspace,
}) => {
  await fillDrafts(workspace, 150);
  await page.goto(`${deck.url}/emails/draft`);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  await page
    .getByRole("region", { name: "100 of 150 selected" })
    .getByRole("button", { name: "Select all 150" })
    .click();
  const bar = page.getByRole("region", { name: "150 selected", exact: true });
  await expect(bar).toBeFocused();
  await expectAccessible(page);

  await workspace.api.post("/emails", { subject: "Came later" });
  await expect(page.getByRole("region", { name: "150 of 151 selected" })).toBeVisible();
  await page.getByRole("button", { name: /^Delete/ }).click();
  await expect(page.getByText("150 deleted")).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Came later" })).toBeVisible();
  await expect.poll(async () => (await workspace.api.get("/emails/counts")).draft).toBe(1);

  await page.keyboard.press("z");
  await expect(page.getByText("Undone")).toBeVisible();
  await expect.poll(async () => (await workspace.api.get("/emails/counts")).draft).toBe(151);
});

test("many emails are done in portions that can be cancelled, and undone as one", async ({
  page,
  deck,
  workspace,
}) => {
  await fillDrafts(workspace, 600);
  // The first portion waits until somebody has cancelled the second.
  let cancel = (): void => {};
  const cancelled = new Promise<void>((resolve) => {
    cancel = resolve;
  });
  let portions = 0;
  await page.route("**/api/v1/email-actions", async (route) => {
    portions += 1;
    if (portions === 1) await cancelled;
    await route.continue();
  });
  await page.goto(`${deck.url}/emails/draft`);
  await expect(page.getByRole("row").filter({ hasText: "Chart" }).first()).toBeVisible();
  await page.keyboard.press("ControlOrMeta+a");
  await expect(page.getByRole("region", { name: "100 of 600 selected" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+a");
  await expect(page.getByRole("region", { name: "600 selected", exact: true })).toBeVisible();
  await page.keyboard.press("Backspace");
  await expect(page.getByRole("progressbar", { name: "Delete: 0 of 600" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  cancel();
  await expect(page.getByText("300 deleted")).toBeVisible();
  await expect(page.getByText("300 were left as they are")).toBeVisible();
  expect(portions).toBe(1);
  await expect.poll(async () => (await workspace.api.get("/emails/counts")).draft).toBe(300);

  await page.keyboard.press("z");
  await expect(page.getByText("Undone")).toBeVisible();
  await expect.poll(async () => (await workspace.api.get("/emails/counts")).draft).toBe(600);
});

test("on a telephone everything is selected from the bar, whose buttons have names", async ({
  page,
  deck,
  workspace,
}) => {
  await fillDrafts(workspace, 150);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${deck.url}/emails/draft`);
  await page.getByRole("button", { name: "Select the email to Nobody yet" }).first().click();
  const bar = page.getByRole("region", { name: /selected$/ });
  await bar.getByRole("button", { name: "Select all 150" }).click();
  await expect(page.getByRole("region", { name: "150 selected", exact: true })).toBeVisible();
  await expect(bar).toBeInViewport({ ratio: 1 });
  await expectAccessible(page);
  await bar.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("150 deleted")).toBeVisible();
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect(page.getByText("Undone")).toBeVisible();
});

import type { Locator, Page } from "@playwright/test";
import type { Quarterdeck } from "../support/quarterdeck.ts";
import { expect, test } from "../support/test.ts";
import type { Workspace } from "../support/workspace.ts";

test("a control that has the focus is pressed by Enter and Space, and the list behind does nothing", async ({
  page,
  deck,
  workspace,
}) => {
  await cursorOnAnEmail(page, deck, workspace);

  const pop = page.getByRole("dialog");
  for (const key of ["Enter", "Space"]) {
    await tabTo(page, page.getByRole("button", { name: "Columns" }));
    await page.keyboard.press(key);
    await expect(pop).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(pop).toBeHidden();

    await tabTo(page, page.getByRole("button", { name: "Live feed", exact: true }));
    await page.keyboard.press(key);
    await expect(page.getByRole("complementary").getByRole("heading", { name: "Live feed" })).toBeFocused();
    await page.keyboard.press("Escape");

    await tabTo(page, page.getByTitle("Your account"));
    await page.keyboard.press(key);
    await expect(page.getByRole("menu")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toBeHidden();
    await theListDidNothing(page);
  }

  const all = page.getByRole("checkbox", { name: /^Select all/ });
  await tabTo(page, all);
  await page.keyboard.press("Enter");
  await theListDidNothing(page);
  await page.keyboard.press("Space");
  await expect(all).toBeChecked();
  await page.keyboard.press("Space");
  await expect(all).not.toBeChecked();

  const link = page.getByRole("link", { name: /^Archived/ });
  await tabTo(page, link);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/emails\/archived$/);
});

test("the window to write in is worked by the keyboard over a list that does nothing", async ({
  page,
  deck,
  workspace,
}) => {
  const row = await cursorOnAnEmail(page, deck, workspace);

  for (const key of ["Enter", "Space"]) {
    await tabTo(page, page.getByRole("button", { name: /^Compose/ }));
    await page.keyboard.press(key);
    const window = page.getByRole("dialog");
    await expect(window.getByRole("textbox", { name: "Message" })).toBeVisible();
    await tabTo(page, window.getByRole("button", { name: /^Bold/ }));
    await page.keyboard.press(key);
    await expect(window.getByRole("button", { name: /^Bold/ })).toHaveAttribute("aria-pressed", "true");

    const track = window.getByRole("switch", { name: /^Track/ });
    await tabTo(page, track);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(track).toBeFocused();
    await page.keyboard.press("Space");
    await expect(track).not.toBeChecked();

    await tabTo(page, window.getByRole("button", { name: /^Close/ }));
    await page.keyboard.press(key);
    await expect(window).toBeHidden();
    await theListDidNothing(page);
  }

  // The list's own keys, where nothing else has the focus.
  await page.reload();
  await expect(row).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  await expect(page.getByRole("region", { name: "1 selected" })).toBeVisible();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/email=/);
});

test("a password can be shown by the keyboard", async ({ page, deck, workspace }) => {
  await workspace.api.delete("/session");
  await page.goto(deck.url);
  await page.getByRole("textbox", { name: "Password" }).fill("a lantern");
  await tabTo(page, page.getByRole("button", { name: "Show what is typed" }));
  await page.keyboard.press("Space");
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveAttribute("type", "text");
});

/** A list with the cursor on its only email, which the keys that follow could open or check. */
async function cursorOnAnEmail(page: Page, deck: Quarterdeck, workspace: Workspace): Promise<Locator> {
  await workspace.sendUntil("delivered", "accept.marta@harbour.example", "Charts for the crossing");
  await page.goto(`${deck.url}/emails/delivered`);
  const row = page.getByRole("row").filter({ hasText: "Charts for the crossing" });
  await expect(row).toBeVisible();
  await page.keyboard.press("j");
  await expect(row).toBeFocused();
  return row;
}

/** Goes from control to control as somebody without a pointer does, until it has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 100; presses += 1) {
    await page.keyboard.press("Tab");
    if (await control.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${control}`);
}

async function theListDidNothing(page: Page): Promise<void> {
  await expect(page.getByRole("region", { name: /selected$/ })).toBeHidden();
  expect(page.url()).not.toContain("email=");
}

import { expect, test } from "../support/test.ts";

test("the page of the terminal's link asks for the first administrator", async ({ page, deck }) => {
  await page.goto(deck.setupLink);
  await expect(page.getByRole("textbox").first()).toBeVisible();
});

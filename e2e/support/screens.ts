import type { Page } from "@playwright/test";
import type { Quarterdeck } from "./quarterdeck.ts";

/** Opens the draft with this subject in the compose window. */
export async function openDraft(page: Page, deck: Quarterdeck, subject: string): Promise<void> {
  await page.goto(`${deck.url}/emails/draft`);
  await page.getByRole("row").filter({ hasText: subject }).click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
}

import { expect, test } from "../support/test.ts";

test("a domain gets a key, and mail is signed with it from then on", async ({ page, deck, workspace }) => {
  await workspace.sendUntil("delivered", "accept.first@harbour.example", "Before the key");
  await page.goto(`${deck.url}/settings/sending-domains`);
  await expect(page.getByText("Not signed by us")).toBeVisible();
  await page.getByRole("button", { name: "Add a key" }).click();
  await page.getByRole("menuitem", { name: "Ed25519" }).click();
  const keys = page.getByRole("list", { name: "Keys of deck.example" });
  await expect(keys.getByLabel("with the value")).toHaveValue(/^v=DKIM1; k=ed25519; p=.{44}$/);

  // Nobody has published it, so it does not sign unless somebody insists.
  await keys.getByRole("button", { name: "Check and sign" }).click();
  await expect(keys.getByText("so mail is not signed")).toBeVisible();
  await keys.getByRole("button", { name: "Sign anyway" }).click();
  await expect(page.getByText("Signed by us", { exact: true })).toBeVisible();

  await workspace.sendUntil("delivered", "accept.second@harbour.example", "After the key");
  const letter = async (subject: string) =>
    (await deck.mail()).find((message) => message.includes(`Subject: ${subject}`)) ?? "";
  await expect
    .poll(() => letter("After the key"))
    .toMatch(/^DKIM-Signature: v=1; a=ed25519-sha256; s=qd\S+; d=deck\.example; c=relaxed\/relaxed;/m);
  const before = await letter("Before the key");
  expect(before).not.toBe("");
  expect(before).not.toMatch(/^DKIM-Signature:/m);

  // The key that takes over leaves mail on its way that bears the signature of the other.
  await page.getByRole("button", { name: "Add a key" }).click();
  await page.getByRole("menuitem", { name: "Ed25519" }).click();
  await keys.getByRole("button", { name: "Check and sign" }).click();
  await keys.getByRole("button", { name: "Sign anyway" }).click();
  await expect(keys.getByText("Replaced", { exact: true })).toBeVisible();
  await keys.getByRole("button", { name: "Delete the key" }).click();
  await expect(
    page.getByText(/^The key is deleted. Leave its record in DNS until .+ all the same/),
  ).toBeVisible();
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectAccessible } from "../support/accessibility.ts";
import { Authority } from "../support/authority.ts";
import { freePort } from "../support/ports.ts";
import { OperatorsProxy } from "../support/proxy.ts";
import { Quarterdeck } from "../support/quarterdeck.ts";
import { HOST } from "../support/secured.ts";
import { expect, test } from "../support/test.ts";
import { Workspace } from "../support/workspace.ts";

const DAY = 86_400_000;

const undone: (() => Promise<void>)[] = [];
test.afterEach(async () => {
  for (const undo of undone.splice(0).reverse()) await undo();
});

test("the end of a tracking domain's certificate is said on every page while there is time to renew it", async ({
  page,
  context,
}) => {
  const folder = await mkdtemp(join(tmpdir(), "qd-e2e-proxy-"));
  undone.push(() => rm(folder, { recursive: true }));
  const authority = await Authority.start(await freePort());
  undone.push(() => authority.stop());
  const inDays = (days: number) => new Date(Date.now() + days * DAY);
  const certified = await authority.certificate(HOST, inDays(-83), inDays(7));
  const trusted = join(folder, "trusted.pem");
  await writeFile(trusted, certified.certificate);
  const deck = await Quarterdeck.serve("--dns-servers", authority.announcement.dns, "--trusted-ca", trusted);
  undone.push(() => deck.stop());
  const proxy = await OperatorsProxy.start(certified, deck.url);
  undone.push(() => proxy.stop());

  const { api } = await Workspace.create(deck, context.request);
  await authority.publish(HOST, "A", "127.0.0.1");
  await api.put("/tracking-domain", { host: `${HOST}:${proxy.port}` });
  expect(await api.put("/tracking-domain/active", {})).toMatchObject({ ok: true });

  await page.goto(`${deck.url}/emails/delivered`);
  const warning = page.getByText("The certificate of your tracking domain ends soon.");
  await expect(warning).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "To the tracking domain" }).click();
  await expect(page.getByText("Certificate ends", { exact: true })).toBeVisible();
  await expect(page.getByText(/^The certificate ends /)).toBeVisible();
  await expect(warning).toBeVisible();
  await expectAccessible(page);
});

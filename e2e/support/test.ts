/** Playwright's `test` with a running Quarterdeck for each journey. */

import { test as base } from "@playwright/test";
import { Quarterdeck } from "./quarterdeck.ts";
import { Workspace } from "./workspace.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** A server without any user. */
  deck: Quarterdeck;
  /** The same server with an administrator, who is signed in, a channel to the simulator and a verified identity. */
  workspace: Workspace;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function wants from its pattern
  deck: async ({}, use) => {
    const deck = await Quarterdeck.start();
    await use(deck);
    await deck.stop();
  },
  baseURL: async ({ deck }, use) => use(deck.url),
  workspace: async ({ deck, context }, use) => use(await Workspace.create(deck, context.request)),
});

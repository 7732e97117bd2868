import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { emailsRoutes } from "./emails/routes";
import { consentRoute, settingsRoutes } from "./settings/routes";
import { BrokenPage, MissingPage } from "./shell/BrokenPage";
import { rootRoute, signedInRoute } from "./shell/routes";
import { signinRoutes } from "./signin/routes";

const home = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/emails/$folder", params: { folder: "delivered" } });
  },
});

const routeTree = rootRoute.addChildren([
  ...signinRoutes,
  consentRoute,
  signedInRoute.addChildren([home, ...emailsRoutes, settingsRoutes]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPendingMs: 300,
  defaultPendingMinMs: 0,
  // In the place that failed; the rest of the screen keeps working.
  defaultErrorComponent: BrokenPage,
  defaultNotFoundComponent: MissingPage,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { fetchSetupNeeded } from "../session/session";
import { rootRoute } from "../shell/routes";

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { back?: string } =>
    typeof search.back === "string" ? { back: search.back } : {},
  component: lazyRouteComponent(() => import("./SignInPage")),
});

const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  beforeLoad: async () => {
    if (!(await fetchSetupNeeded()).needed) throw redirect({ to: "/sign-in" });
  },
  component: lazyRouteComponent(() => import("./SetupPage")),
});

const invitation = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./InvitationPage")),
});

const forgotten = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgotten-password",
  component: lazyRouteComponent(() => import("./ForgottenPage")),
});

const reset = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("./ResetPage")),
});

const verify = createRoute({
  getParentRoute: () => rootRoute,
  path: "/verify-identity",
  component: lazyRouteComponent(() => import("./VerifyPage")),
});

export const signinRoutes = [signIn, setup, invitation, forgotten, reset, verify];

import { createRootRoute, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { isProblem } from "../api/problem";
import { queryClient } from "../api/queries";
import { fetchSetupNeeded, sessionQuery } from "../session/session";
import { AppShell } from "./AppShell";
import { StartingPage } from "./StartingPage";

export const rootRoute = createRootRoute({
  component: Outlet,
});

/** The parent of every page behind the sign-in: it knows the session and draws the shell. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  component: AppShell,
  pendingComponent: StartingPage,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!isProblem(error, "not-signed-in")) throw error;
      if ((await fetchSetupNeeded()).needed) throw redirect({ to: "/setup" });
      throw redirect({ to: "/sign-in", search: { back: location.href } as never });
    }
  },
});

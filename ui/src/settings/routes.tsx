import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { queryClient } from "../api/queries";
import { sessionQuery } from "../session/session";
import { rootRoute, signedInRoute } from "../shell/routes";

export const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./SettingsPage")),
});

const parent = { getParentRoute: () => settingsRoute };

/** Pages that change something for everybody are the administrators'. */
const forAdmins = async (): Promise<void> => {
  const { role } = await queryClient.ensureQueryData(sessionQuery);
  if (role !== "admin") throw redirect({ to: "/settings/profile" });
};

const first = createRoute({
  ...parent,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile" });
  },
});
const profile = createRoute({
  ...parent,
  path: "profile",
  component: lazyRouteComponent(() => import("./profile/ProfilePage")),
});
const identities = createRoute({
  ...parent,
  path: "identities",
  component: lazyRouteComponent(() => import("./identities/IdentitiesPage")),
});
const channels = createRoute({
  ...parent,
  path: "channels",
  component: lazyRouteComponent(() => import("./channels/ChannelsPage")),
});
const mailboxes = createRoute({
  ...parent,
  path: "mailboxes",
  component: lazyRouteComponent(() => import("./mailboxes/MailboxesPage")),
});
const unsubscribes = createRoute({
  ...parent,
  path: "unsubscribes",
  component: lazyRouteComponent(() => import("./unsubscribes/UnsubscribesPage")),
});
const blockedDomains = createRoute({
  ...parent,
  path: "blocked-domains",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("./blockedDomains/BlockedDomainsPage")),
});
const tokens = createRoute({
  ...parent,
  path: "tokens",
  component: lazyRouteComponent(() => import("./tokens/TokensPage")),
});
const viewAs = createRoute({
  ...parent,
  path: "view-as",
  component: lazyRouteComponent(() => import("../members/ViewAsPage")),
});
const workspace = createRoute({
  ...parent,
  path: "workspace",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("./workspace/WorkspacePage")),
});
const members = createRoute({
  ...parent,
  path: "members",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("../members/MembersPage")),
});
const invitations = createRoute({
  ...parent,
  path: "invitations",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("../members/InvitationsPage")),
});
const teams = createRoute({
  ...parent,
  path: "teams",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("../members/TeamsPage")),
});
const sendingDomains = createRoute({
  ...parent,
  path: "sending-domains",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("./domains/SendingDomainsPage")),
});
const trackingDomain = createRoute({
  ...parent,
  path: "tracking-domain",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("./domains/TrackingDomainPage")),
});
const providers = createRoute({
  ...parent,
  path: "providers",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("./providers/ProvidersPage")),
});
const audit = createRoute({
  ...parent,
  path: "audit",
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => import("../members/AuditPage")),
});

export const settingsRoutes = settingsRoute.addChildren([
  first,
  profile,
  identities,
  channels,
  mailboxes,
  unsubscribes,
  tokens,
  viewAs,
  workspace,
  members,
  invitations,
  teams,
  sendingDomains,
  trackingDomain,
  blockedDomains,
  providers,
  audit,
]);

/** Where Google and Microsoft send people back to. */
export const consentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/oauth/callback",
  component: lazyRouteComponent(() => import("./mailboxes/ConsentPage")),
});

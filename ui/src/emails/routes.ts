import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { signedInRoute } from "../shell/routes";
import { isFolder } from "./folders";
import { type ListSearch, readSearch } from "./listSearch";

const emails = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/emails",
  beforeLoad: () => {
    throw redirect({ to: "/emails/$folder", params: { folder: "delivered" } });
  },
});

/** The whole state of the list is in its address: folder, order, and the email that is open. */
export const folderRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/emails/$folder",
  validateSearch: (search): ListSearch => readSearch(search),
  beforeLoad: ({ params }) => {
    if (!isFolder(params.folder)) throw redirect({ to: "/emails/$folder", params: { folder: "delivered" } });
  },
  component: lazyRouteComponent(() => import("./EmailsPage")),
});

export const emailsRoutes = [emails, folderRoute];

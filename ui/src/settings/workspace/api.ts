import { queryOptions } from "@tanstack/react-query";
import { answer, api, ifMatch } from "../../api/client";
import type { Workspace } from "../../api/types";

export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: () => answer<Workspace>(api.GET("/workspace")),
});

export type WorkspaceChange = Partial<
  Pick<Workspace, "name" | "tracking" | "give_up_after_h" | "traces_days" | "system_channel_id">
>;

export const changeWorkspace = (version: number, body: WorkspaceChange) =>
  answer<Workspace>(api.PATCH("/workspace", { params: { header: ifMatch(version) }, body }));

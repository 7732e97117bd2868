import { FocusTrap } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../session/session";
import { identitiesQuery } from "../settings/identities/api";
import { workspaceQuery } from "../settings/workspace/api";
import { ErrorState } from "../states/ErrorState";
import { Composer } from "./Composer";
import classes from "./ComposeWindow.module.css";
import { loadDraft } from "./draft/load";
import { Shelf } from "./draft/shelf";
import { Opening } from "./Opening";
import { type ComposeRequest, closeCompose } from "./open";
import { TitleBar, type WindowSize } from "./TitleBar";

/** What the window is called when it is known to whom. */
const titles = {
  new: "compose.emailTo",
  draft: "compose.emailTo",
  follow_up: "compose.followUpTo",
  copy: "compose.emailTo",
  reply: "compose.replyTo",
} as const;

/** The window to write in: docked at the lower right, or the whole screen where there is little of it. */
export default function ComposeWindow({ request }: { request: ComposeRequest }) {
  return <Opened key={request.serial} request={request} />;
}

function Opened({ request }: { request: ComposeRequest }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const narrow = useMediaQuery("(max-width: 1023px)") ?? false;
  const [size, setSize] = useState<WindowSize>("docked");
  const [shelf] = useState(() => new Shelf(user.id));
  const identities = useQuery(identitiesQuery);
  const workspace = useQuery(workspaceQuery);
  const around =
    identities.data && workspace.data
      ? { shelf, identities: identities.data.items, tracked: workspace.data.tracking }
      : null;
  const loaded = useQuery({
    queryKey: ["compose", request.serial],
    queryFn: () => {
      if (!around) throw new Error("a draft is loaded after what surrounds it");
      return loadDraft(request, around);
    },
    enabled: around !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const error = identities.error ?? workspace.error ?? loaded.error;
  const whole = (narrow || size === "whole") && size !== "minimised";

  if (!error && !loaded.data) return <Opening />;
  return (
    <FocusTrap active={whole}>
      <section
        className={classes.window}
        role="dialog"
        aria-modal={whole}
        aria-label={t("compose.title")}
        data-size={size}
      >
        {whole && <FocusTrap.InitialFocus />}
        {error && (
          <>
            <TitleBar title={t("compose.title")} size={size} onSize={setSize} onClose={closeCompose} />
            <ErrorState
              title={t("compose.notLoaded")}
              error={error}
              onRetry={() => {
                for (const query of [identities, workspace, loaded]) if (query.error) void query.refetch();
              }}
            />
          </>
        )}
        {!error && loaded.data && around && workspace.data && (
          <Composer
            loaded={loaded.data}
            shelf={shelf}
            identities={around.identities}
            title={titles[request.kind]}
            trackingAllowed={workspace.data.tracking}
            size={size}
            onSize={setSize}
          />
        )}
      </section>
    </FocusTrap>
  );
}

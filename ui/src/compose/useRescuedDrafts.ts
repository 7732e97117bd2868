import { useEffect } from "react";
import { useSession } from "../session/session";
import { shelfPrefix } from "./draft/prefix";

/** When the page begins: brings words that an earlier page left in this browser to the server. */
export function useRescuedDrafts(): void {
  const { user, view_as } = useSession();
  const own = view_as === null ? user.id : null;
  useEffect(() => {
    if (own === null || !Object.keys(localStorage).some((key) => key.startsWith(shelfPrefix(own)))) return;
    // Whatever fails stays where it is, until the next page or until the draft is opened.
    import("./draft/rescue").then(({ rescueDrafts }) => rescueDrafts(own)).catch(() => {});
  }, [own]);
}

import { useEffect } from "react";
import { useSession } from "../session/session";
import { shelfPrefix } from "./draft/prefix";

/** Once a page: what is written later saves itself. */
const begunFor = new Set<string>();

/** When the page begins: brings words that an earlier page left in this browser to the server. */
export function useRescuedDrafts(): void {
  const { user, view_as } = useSession();
  const own = view_as === null ? user.id : null;
  useEffect(() => {
    if (own === null || begunFor.has(own)) return;
    begunFor.add(own);
    if (!Object.keys(localStorage).some((key) => key.startsWith(shelfPrefix(own)))) return;
    // Whatever fails stays where it is, until the next page or until the draft is opened.
    import("./draft/rescue").then(({ rescueDrafts }) => rescueDrafts(own)).catch(() => {});
  }, [own]);
}

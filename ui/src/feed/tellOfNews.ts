import { QueryObserver } from "@tanstack/react-query";
import { queryClient } from "../api/queries";
import type { EmailRow } from "../api/types";
import { feedPage, newsQuery } from "./api";
import { permission, tellDesktop } from "./notify";

/** The desktop is told of this much at the most. */
const looked = 20;

/**
 * Tells the desktop of what is new until the returned function is called. Each answer of the server counts, also one that says
 * the same: a full count says nothing any more.
 */
export function tellOfNews(onOpen: (email: EmailRow) => void): () => void {
  const observer = new QueryObserver(queryClient, newsQuery);
  let told = 0;
  const tell = ({ data, dataUpdatedAt } = observer.getCurrentResult()): void => {
    if (!data || data.count === 0 || dataUpdatedAt === told || permission() !== "granted") return;
    told = dataUpdatedAt;
    void feedPage({ kinds: [], automatic: false }, looked).then((page) =>
      tellDesktop(page, Date.now(), onOpen),
    );
  };
  tell();
  return observer.subscribe(tell);
}

import { lazy, Suspense } from "react";
import { focusFeedButton } from "./FeedButton";
import classes from "./FeedPlace.module.css";
import { changeFeed, useFeedPreferences } from "./preferences";
import { useOpensEmail } from "./useOpensEmail";

const FeedPanel = lazy(() => import("./FeedPanel"));

/** Where the feed stands while it is open: at the right of the page, or over it where there is little room. */
export function FeedPlace() {
  const { open } = useFeedPreferences();
  const openEmail = useOpensEmail();
  if (!open) return null;
  const close = (): void => {
    changeFeed({ open: false });
    focusFeedButton();
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    // A pop-over of the panel closes by itself, although its events come by here.
    const within = event.currentTarget.contains(event.target as Node);
    if (event.key !== "Escape" || event.defaultPrevented || !within) return;
    event.preventDefault();
    close();
  };
  return (
    <aside className={classes.place} data-feed="" onKeyDown={onKeyDown}>
      <Suspense>
        <FeedPanel onOpen={openEmail} onClose={close} />
      </Suspense>
    </aside>
  );
}

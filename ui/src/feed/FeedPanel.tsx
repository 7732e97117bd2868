import { ActionIcon, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../api/types";
import { useSession } from "../session/session";
import { ErrorState } from "../states/ErrorState";
import { dateOf, daysApart } from "../times/format";
import { useNow } from "../times/now";
import { feedQuery } from "./api";
import { FeedEmpty } from "./FeedEmpty";
import { FeedFilter } from "./FeedFilter";
import { FeedGroup } from "./FeedGroup";
import classes from "./FeedPanel.module.css";
import { FeedSettings } from "./FeedSettings";
import { groupFeed } from "./groups";
import { closeWhereItCovers, useFeedPreferences } from "./preferences";
import { useMarksFeedSeen } from "./useMarksFeedSeen";

type Props = { onOpen: (email: EmailRow) => void; onClose: () => void };

/** What people did with one's mail and what came back, newest first, beside whatever page is open. */
export default function FeedPanel({ onOpen, onClose }: Props) {
  const { t } = useTranslation();
  const { user, view_as } = useSession();
  const { kinds, automatic } = useFeedPreferences();
  const now = useNow(20_000);
  const query = useInfiniteQuery(feedQuery({ kinds, automatic }));
  const pages = query.data?.pages;
  const fresh = useMarksFeedSeen(pages?.[0], view_as === null);
  const days = useMemo(
    () => groupFeed(pages ?? [], now, user.time_zone, fresh),
    [pages, now, user.time_zone, fresh],
  );
  const heading = useFocusOnOpening();
  // Where it covers the page, the way back leads out of the feed: what is behind would change unseen.
  useBlocker({
    shouldBlockFn: ({ action }) => action === "BACK" && closeWhereItCovers(),
    enableBeforeUnload: false,
  });
  const dayOf = (at: number): string =>
    daysApart(at, now, user.time_zone) === 0 ? t("feed.today") : dateOf(at, now, user.time_zone);

  return (
    <section className={classes.panel} aria-label={t("feed.title")}>
      <header className={classes.head}>
        <h2 ref={heading} tabIndex={-1}>
          {t("feed.title")}
        </h2>
        <FeedSettings />
        <Tooltip label={t("feed.close")}>
          <ActionIcon className={classes.headButton} aria-label={t("feed.close")} onClick={onClose}>
            <IconX size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </header>
      <FeedFilter />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by the keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={t("feed.entries")}>
        {query.isError && days.length === 0 && (
          <ErrorState title={t("feed.didNotLoad")} error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.isSuccess && days.length === 0 && <FeedEmpty />}
        {days.length > 0 && (
          <div role="feed" aria-busy={query.isFetching} aria-label={t("feed.title")}>
            {days.flatMap((day) =>
              day.groups.map((group, place) => (
                <FeedGroup
                  key={group.key}
                  group={group}
                  day={place === 0 ? dayOf(day.at) : null}
                  now={now}
                  timeZone={user.time_zone}
                  readOnly={view_as !== null}
                  onOpen={onOpen}
                />
              )),
            )}
          </div>
        )}
        {query.hasNextPage && (
          <button
            type="button"
            className={classes.more}
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("feed.more")}
          </button>
        )}
      </section>
    </section>
  );
}

/** Who opens the panel goes on in it; when the page opens with it, the focus stays where it is. */
function useFocusOnOpening() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement && document.activeElement !== document.body) heading.current?.focus();
  }, []);
  return heading;
}

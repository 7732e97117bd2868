import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow, Folder } from "../api/types";
import { openCompose } from "../compose/open";
import { useLive } from "../live/connection";
import { useSession } from "../session/session";
import { ErrorState } from "../states/ErrorState";
import { useNow } from "../times/now";
import { countsQuery } from "./api";
import { ColumnsMenu } from "./ColumnsMenu";
import classes from "./EmailsPage.module.css";
import { EmptyFolder } from "./EmptyFolder";
import { FolderBar, FolderTabs } from "./FolderTabs";
import { Footer } from "./Footer";
import { countOf, tabOf } from "./folders";
import { EmailGrid } from "./grid/EmailGrid";
import { LoadingRows } from "./grid/LoadingRows";
import { useFollowsHand } from "./grid/useFollowsHand";
import { HeldChip } from "./HeldChip";
import { ListEnd } from "./ListEnd";
import { LiveAnnouncer } from "./LiveAnnouncer";
import { RescheduleDialog } from "./RescheduleDialog";
import { RetryHint } from "./RetryHint";
import { folderRoute } from "./routes";
import { SelectionBar } from "./SelectionBar";
import { SortMenu } from "./SortMenu";
import { StaleStrip } from "./StaleStrip";
import { extendTo, keepOnly, nothingSelected, toggle, toggleAll } from "./selection";
import { useEmailActions } from "./useEmailActions";
import { useEmailCommands } from "./useEmailCommands";
import { useEmailList } from "./useEmailList";
import { useHeldRows } from "./useHeldRows";
import { useSettledOrder } from "./useSettledOrder";
import { sendWaiting } from "./waitingActions";

const DetailsPanel = lazy(() => import("./details/DetailsPanel"));

/** Command Center › Emails: three tabs, eight folders, and the email that is open beside the list. */
export default function EmailsPage() {
  const folder = folderRoute.useParams().folder as Folder;
  // Another folder is another list: selection, cursor and held rows start anew.
  return <FolderPage key={folder} folder={folder} />;
}

function FolderPage({ folder }: { folder: Folder }) {
  const search = folderRoute.useSearch();
  const navigate = useNavigate();
  const session = useSession();
  const readOnly = session.view_as !== null;
  const timeZone = session.user.time_zone;
  const now = useNow(20_000);
  const phone = useMediaQuery("(max-width: 767px)", false, { getInitialValueInEffect: false });
  const [sorted, setSorted] = useSettledOrder(folder, search);
  const [selection, setSelection] = useState(nothingSelected);
  const [cursor, setCursor] = useState<string | null>(search.email ?? null);
  const [cursorMoves, setCursorMoves] = useState(0);
  const hand = useFollowsHand();
  useSendsWaiting();

  const { data: counts } = useQuery(countsQuery);
  const { query, latest } = useEmailList(folder, sorted);
  const listName = `${folder} ${sorted.sort} ${sorted.order}`;
  const held = useHeldRows(listName, latest, hand.inList || selection.ids.size > 0);
  const { rows } = held;
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const kept = keepOnly(selection, ids);
  const checked = rows.filter((row) => kept.ids.has(row.id));
  const total = Math.max(counts ? countOf(folder, counts) : 0, rows.length);

  const showDetails = useCallback(
    (id: string | undefined): void => {
      void navigate({
        to: "/emails/$folder",
        params: { folder },
        search: (before) => ({ ...before, email: id }),
        replace: id !== undefined && search.email !== undefined,
      });
    },
    [navigate, folder, search.email],
  );

  const open = useCallback(
    (row: EmailRow): void => {
      setCursor(row.id);
      if (row.status === "draft") openCompose({ kind: "draft", id: row.id });
      else showDetails(row.id);
    },
    [showDetails],
  );

  /** Once emails leave, the cursor and the details go on to the next one that stays. */
  const afterAct = useCallback(
    (acted: EmailRow[]): void => {
      setSelection(nothingSelected);
      const leaving = new Set(acted.map((row) => row.id));
      const place = ids.findIndex((id) => leaving.has(id));
      const next =
        ids.slice(place).find((id) => !leaving.has(id)) ?? ids.findLast((id) => !leaving.has(id)) ?? null;
      setCursor((before) => (before !== null && leaving.has(before) ? next : before));
    },
    [ids],
  );
  const { perform, rescheduling, chooseTime, cancelTime } = useEmailActions(afterAct);
  const onAct = readOnly ? null : perform;

  const check = useCallback(
    (row: EmailRow, extend: boolean): void =>
      setSelection((before) => (extend ? extendTo(before, row.id, ids) : toggle(before, row.id))),
    [ids],
  );

  const move = (by: 1 | -1, extend: boolean): void => {
    const from = cursor === null ? -1 : ids.indexOf(cursor);
    const next = rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))];
    if (next === undefined) return;
    if (extend && cursor !== null)
      setSelection((before) =>
        extendTo(before.anchor === null ? toggle(before, cursor) : before, next.id, ids),
      );
    setCursor(next.id);
    setCursorMoves((moves) => moves + 1);
    if (search.email !== undefined) showDetails(next.id);
  };

  const underCursor = rows.find((row) => row.id === (search.email ?? cursor));
  const targets = checked.length > 0 ? checked : underCursor ? [underCursor] : [];

  const close = (): void => {
    if (checked.length > 0) setSelection(nothingSelected);
    else if (search.email !== undefined) showDetails(undefined);
    else setCursor(null);
  };

  useEmailCommands({
    folder,
    targets,
    panelOpen: search.email !== undefined,
    onGo: (other) => void navigate({ to: "/emails/$folder", params: { folder: other } }),
    onMove: move,
    onOpen: () => underCursor && open(underCursor),
    onCheck: () => underCursor && check(underCursor, false),
    onCheckAll: () => setSelection((before) => toggleAll(before, ids)),
    onShowHeld: held.show,
    onClose: close,
    onAct,
  });

  const loadMore = useCallback(() => {
    if (query.hasNextPage && !query.isFetching && !query.isFetchNextPageError) void query.fetchNextPage();
  }, [query.hasNextPage, query.isFetching, query.isFetchNextPageError, query.fetchNextPage]);

  const context = useMemo(
    () => ({ now, timeZone, onUndo: (row: EmailRow) => perform("edit", [row]) }),
    [now, timeZone, perform],
  );
  const place = search.email === undefined ? -1 : ids.indexOf(search.email);

  return (
    <div className={classes.page} data-panel={search.email !== undefined || undefined}>
      <div className={classes.column}>
        <FolderTabs folder={folder}>
          <SortMenu folder={folder} sorted={sorted} onSort={setSorted} />
          <ColumnsMenu folder={folder} />
        </FolderTabs>
        <FolderBar folder={folder}>
          <HeldChip
            newer={held.newer}
            gone={held.gone.size}
            selecting={checked.length > 0}
            onShow={held.show}
          />
        </FolderBar>
        <StaleStrip timeZone={timeZone} />
        {tabOf(folder) === "undelivered" && !readOnly && (
          <RetryHint rows={rows} onRetry={(worth) => perform("retry", worth)} />
        )}
        {query.isPending ? (
          <LoadingRows folder={folder} />
        ) : query.isError && rows.length === 0 ? (
          <ListError error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 && !query.hasNextPage ? (
          <EmptyFolder folder={folder} readOnly={readOnly} />
        ) : (
          <EmailGrid
            folder={folder}
            rows={rows}
            total={total}
            gone={held.gone}
            context={context}
            sorted={sorted}
            onSort={setSorted}
            selection={kept}
            onCheck={check}
            onCheckAll={() => setSelection((before) => toggleAll(before, ids))}
            cursor={search.email ?? cursor}
            cursorMoves={cursorMoves}
            phone={phone}
            onOpen={open}
            onAct={onAct}
            onNearEnd={loadMore}
            hand={hand.handlers}
            end={<ListEnd folder={folder} query={query} />}
          />
        )}
        <SelectionBar rows={checked} onAct={onAct} onClear={() => setSelection(nothingSelected)} />
        <LiveAnnouncer rows={latest} />
        <Footer
          folder={folder}
          loaded={rows.length}
          total={total}
          timeZone={timeZone}
          panelOpen={search.email !== undefined}
        />
      </div>
      {search.email !== undefined && (
        <Suspense fallback={<aside className={classes.panel} />}>
          <aside className={classes.panel}>
            <DetailsPanel
              key={search.email}
              id={search.email}
              place={place}
              total={total}
              timeZone={timeZone}
              now={now}
              onMove={(by) => move(by, false)}
              onClose={() => showDetails(undefined)}
              onAct={onAct}
            />
          </aside>
        </Suspense>
      )}
      {rescheduling.length > 0 && (
        <RescheduleDialog
          rows={rescheduling}
          timeZone={timeZone}
          onClose={cancelTime}
          onChoose={chooseTime}
        />
      )}
    </div>
  );
}

function ListError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  return <ErrorState title={t("emails.didNotLoad")} error={error} onRetry={onRetry} />;
}

/** What was done without a connection is sent on as soon as there is one again. */
function useSendsWaiting(): void {
  const live = useLive().kind;
  useEffect(() => {
    if (live === "live") void sendWaiting();
  }, [live]);
}

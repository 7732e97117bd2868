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
import { sayError } from "../toasts/toasts";
import { undoSendOf } from "../toasts/undo";
import type { ActionKind } from "./actionKinds";
import { countsQuery, idsOfFolder } from "./api";
import { ColumnsMenu } from "./ColumnsMenu";
import { type Chosen, countOfChosen, theseRows } from "./chosen";
import classes from "./EmailsPage.module.css";
import { EmptyFolder } from "./EmptyFolder";
import { FillInDialog } from "./FillInDialog";
import { FolderBar, FolderTabs } from "./FolderTabs";
import { Footer } from "./Footer";
import { countOf, tabOf } from "./folders";
import { EmailGrid } from "./grid/EmailGrid";
import { LoadingRows } from "./grid/LoadingRows";
import { useFollowsHand } from "./grid/useFollowsHand";
import { HeldChip } from "./HeldChip";
import { ListEnd } from "./ListEnd";
import { LiveAnnouncer } from "./LiveAnnouncer";
import { QueueDialog } from "./QueueDialog";
import { RescheduleDialog } from "./RescheduleDialog";
import { RetryHint } from "./RetryHint";
import { folderRoute } from "./routes";
import { SelectionBar } from "./SelectionBar";
import { SortMenu } from "./SortMenu";
import { StaleStrip } from "./StaleStrip";
import { unsend } from "./undoing";
import { useChoice } from "./useChoice";
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
  const hand = useFollowsHand();
  const [selecting, setSelecting] = useState(false);
  useSendsWaiting();

  const { data: counts } = useQuery(countsQuery);
  const { query, latest } = useEmailList(folder, sorted);
  const held = useHeldRows(`${folder} ${sorted.sort} ${sorted.order}`, latest, hand.inList || selecting);
  const { rows } = held;
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const choice = useChoice(rows, ids, search.email);
  useTitle(folder);
  const { setCursor, goTo, clear, nextAfter, checkWhole } = choice;
  const total = Math.max(counts ? countOf(folder, counts) : 0, rows.length);
  const chosen: Chosen = {
    rows: choice.checked,
    others: choice.others,
    ...(choice.selection.whole && { folder }),
  };
  const count = countOfChosen(chosen);
  if (selecting !== count > 0) setSelecting(!selecting);

  const showDetails = useCallback(
    (email: string | undefined): void => {
      void navigate({
        to: "/emails/$folder",
        params: { folder },
        search: (before) => ({ ...before, email }),
        replace: email !== undefined && search.email !== undefined,
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
    [showDetails, setCursor],
  );

  const goOn = useCallback(
    (left: EmailRow[]): void => {
      clear();
      const leaving = new Set(left.map((row) => row.id));
      const next = nextAfter(leaving);
      // The focus would be lost with the row or the bar that had it.
      if (next !== null && focusLeavesWith(leaving)) goTo(next);
      else setCursor((before) => (before !== null && leaving.has(before) ? next : before));
      if (search.email !== undefined && leaving.has(search.email)) showDetails(next ?? undefined);
    },
    [clear, nextAfter, goTo, setCursor, showDetails, search.email],
  );
  const actions = useEmailActions(goOn);
  const onChosen = readOnly ? null : actions.perform;
  const onAct = useMemo(
    () => onChosen && ((kind: ActionKind, rows: EmailRow[]) => onChosen(kind, theseRows(rows))),
    [onChosen],
  );
  const selectWhole = useCallback(
    () => idsOfFolder(folder, sorted).then(checkWhole, sayError),
    [folder, sorted, checkWhole],
  );
  /** First what is loaded, then what the folder holds. */
  const checkAll = (): void => {
    const allLoaded = rows.length > 0 && choice.checked.length === rows.length;
    if (allLoaded && count < total) void selectWhole();
    else choice.checkAll();
  };

  const move = (by: 1 | -1, extend: boolean): void => {
    const next = choice.move(by, extend);
    if (next && search.email !== undefined) showDetails(next.id);
  };
  const closeDetails = (): void => {
    if (search.email !== undefined) goTo(search.email);
    showDetails(undefined);
  };
  const close = (): void => {
    if (count > 0) clear();
    else if (search.email !== undefined) closeDetails();
    else setCursor(null);
  };
  useEmailCommands({
    folder,
    targets: count > 0 ? chosen : theseRows(choice.current ? [choice.current] : []),
    onGo: (other) => void navigate({ to: "/emails/$folder", params: { folder: other } }),
    onMove: move,
    onOpen: () => choice.current && open(choice.current),
    onCheck: () => choice.current && choice.check(choice.current, false),
    onCheckAll: checkAll,
    onShowHeld: held.show,
    onClose: close,
    onAct: onChosen,
  });

  const loadMore = useCallback(() => {
    if (query.hasNextPage && !query.isFetching && !query.isFetchNextPageError) void query.fetchNextPage();
  }, [query.hasNextPage, query.isFetching, query.isFetchNextPageError, query.fetchNextPage]);

  const context = useMemo(
    () => ({
      now,
      timeZone,
      // The toast that offers the same goes with it; the page may have been loaded since.
      onUndo: (row: EmailRow) => {
        if (!undoSendOf(row.id)) void unsend(row);
      },
    }),
    [now, timeZone],
  );
  const panelOpen = search.email !== undefined;

  return (
    <div className={classes.page} data-panel={panelOpen || undefined}>
      <div className={classes.column}>
        <FolderTabs folder={folder}>
          <SortMenu folder={folder} sorted={sorted} onSort={setSorted} />
          <ColumnsMenu folder={folder} />
        </FolderTabs>
        <FolderBar folder={folder}>
          <HeldChip newer={held.newer} gone={held.gone.size} selecting={selecting} onShow={held.show} />
        </FolderBar>
        <StaleStrip timeZone={timeZone} />
        {tabOf(folder) === "undelivered" && onAct && (
          <RetryHint rows={rows} onRetry={(worth) => onAct("retry", worth)} />
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
            selection={choice.selection}
            onCheck={choice.check}
            onCheckAll={choice.checkAll}
            cursor={choice.cursor}
            moved={choice.moved}
            phone={phone}
            onOpen={open}
            onAct={onAct}
            onNearEnd={loadMore}
            hand={hand.handlers}
            end={<ListEnd folder={folder} query={query} />}
          />
        )}
        <SelectionBar
          chosen={chosen}
          total={total}
          onAct={onChosen}
          onSelectWhole={selectWhole}
          onClear={clear}
        />
        <LiveAnnouncer rows={latest} />
        <Footer
          folder={folder}
          current={choice.current}
          loaded={rows.length}
          total={total}
          timeZone={timeZone}
          panelOpen={panelOpen}
        />
      </div>
      {search.email !== undefined && (
        <aside className={classes.panel}>
          <Suspense>
            <DetailsPanel
              key={search.email}
              id={search.email}
              place={ids.indexOf(search.email)}
              total={total}
              timeZone={timeZone}
              now={now}
              onMove={(by) => move(by, false)}
              onClose={closeDetails}
              onAct={onAct}
            />
          </Suspense>
        </aside>
      )}
      <Dialogs actions={actions} timeZone={timeZone} />
    </div>
  );
}

/** What some actions ask before they are done. */
function Dialogs({ actions, timeZone }: { actions: ReturnType<typeof useEmailActions>; timeZone: string }) {
  const { rescheduling, queueing, filling } = actions;
  return (
    <>
      {rescheduling !== null && (
        <RescheduleDialog
          chosen={rescheduling}
          timeZone={timeZone}
          onClose={actions.cancelTime}
          onChoose={actions.chooseTime}
        />
      )}
      {queueing !== null && (
        <QueueDialog
          queueing={queueing}
          timeZone={timeZone}
          onClose={actions.cancelQueue}
          onConfirm={actions.queue}
        />
      )}
      {filling !== null && (
        <FillInDialog email={filling} onClose={actions.cancelFilling} onFilled={actions.retryFilled} />
      )}
    </>
  );
}

/** Whether what has the focus goes with these rows: one of them, or the bar of the selection, reached by a key. */
function focusLeavesWith(rows: ReadonlySet<string>): boolean {
  const focused = document.activeElement;
  const row = focused?.closest<HTMLElement>("[data-id]")?.dataset.id;
  return (
    (row !== undefined && rows.has(row)) || focused?.matches("[data-of-selection] :focus-visible") === true
  );
}

function ListError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  return <ErrorState title={t("emails.didNotLoad")} error={error} onRetry={onRetry} />;
}

function useTitle(folder: Folder): void {
  const { t } = useTranslation();
  const name = `${t(`emails.tabs.${tabOf(folder)}`)} › ${t(`emails.folders.${folder}`)} · ${t("shell.product")}`;
  useEffect(() => {
    document.title = name;
  }, [name]);
}

/** What was done without a connection is sent on as soon as there is one again. */
function useSendsWaiting(): void {
  const live = useLive().kind;
  useEffect(() => {
    if (live === "live") void sendWaiting();
  }, [live]);
}

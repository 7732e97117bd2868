import { Checkbox } from "@mantine/core";
import { IconPaperclip, IconTrophy } from "@tabler/icons-react";
import { memo, type TouchEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../../api/types";
import { i18next } from "../../i18n";
import { Avatar } from "../../people/Avatar";
import { momentToCome, timeAgo } from "../../times/format";
import { type ActionKind, actionIcons, bestRemedy, isPossible } from "../actionKinds";
import type { ColumnId } from "../columns";
import { StatusBadge } from "../StatusBadge";
import { failureLook, type Look, waitLook } from "../tones";
import { useLimits } from "../useLimits";
import { expectedAt, initialsFrom, nameOf, sayFailure, sayWait, subjectOf } from "../words";
import { ActivityCell } from "./ActivityCell";
import type { CellContext } from "./cells";
import classes from "./MobileRow.module.css";
import { pullOf, swipeOf } from "./swipe";

type Props = {
  row: EmailRow;
  index: number;
  /** Where the row stands in the list, and how high it is, in pixels. */
  top: number;
  height: number;
  shown: ColumnId[];
  context: CellContext;
  checked: boolean;
  cursor: boolean;
  tabbable: boolean;
  gone: boolean;
  onOpen: (row: EmailRow) => void;
  onCheck: (row: EmailRow, extend: boolean) => void;
  onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null;
};

/** One email on a phone: three lines; a swipe to the left puts it away, to the right follows up. */
export const MobileRow = memo(function MobileRow(props: Props) {
  const { row, index, top, height, context, checked, tabbable, gone, onOpen, onCheck, onAct } = props;
  const { t } = useTranslation();
  const { pull, handlers } = useSwipe(row, onAct);
  const kind = pull < 0 ? leftKind(row) : "follow_up";
  const Icon = kind && actionIcons[kind];

  return (
    <div
      role="row"
      aria-rowindex={index}
      aria-selected={checked}
      data-id={row.id}
      data-new={row.unseen || undefined}
      data-gone={gone || undefined}
      tabIndex={tabbable ? 0 : -1}
      className={classes.row}
      style={{ height, transform: `translateY(${top}px)` }}
      {...handlers}
    >
      {pull !== 0 && kind && Icon && (
        <span className={classes.behind} data-side={pull < 0 ? "right" : "left"}>
          <span>
            <Icon size={20} stroke={1.6} />
            {t(`emails.actions.${kind}`)}
          </span>
        </span>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the grid are commands */}
      <div
        role="gridcell"
        tabIndex={-1}
        className={classes.email}
        data-checked={checked || undefined}
        style={{ transform: pull === 0 ? undefined : `translateX(${pull}px)` }}
        onClick={() => onOpen(row)}
      >
        <button
          type="button"
          className={classes.face}
          aria-pressed={checked}
          onClick={(event) => {
            event.stopPropagation();
            onCheck(row, false);
          }}
        >
          <span className="qd-hidden">{t("emails.select", { name: nameOf(row) })}</span>
          {checked ? (
            <Checkbox.Indicator checked size={16} radius="xs" />
          ) : (
            <Avatar name={initialsFrom(row)} address={row.to_address} size={40} />
          )}
        </button>
        <MobileText row={row} {...context} />
      </div>
    </div>
  );
});

function MobileText({ row, now, timeZone }: { row: EmailRow } & CellContext) {
  const { t } = useTranslation();
  const time = row.status === "scheduled" ? timeToLeave(row, now, timeZone) : timeOf(row, now, timeZone);
  return (
    <span className={classes.text}>
      <span className={classes.first}>
        <span className={classes.name}>{nameOf(row)}</span>
        <span className={classes.company}>{row.person?.company}</span>
        <span className={classes.time}>
          {row.unseen && <i role="img" aria-label={t("emails.unseenActivity")} />}
          {time}
        </span>
      </span>
      <span className={classes.subject}>
        <span className="qd-truncate">{subjectOf(row)}</span>
        {row.attachment_count > 0 && <IconPaperclip size={13} stroke={1.7} />}
        {row.success_at && <IconTrophy size={14} stroke={1.8} className={classes.success} />}
      </span>
      <span className={classes.third}>
        <span className={classes.snippet}>
          <MobileThird row={row} timeZone={timeZone} />
        </span>
        <ActivityCell row={row} zeros={false} />
      </span>
    </span>
  );
}

function timeToLeave(row: EmailRow, now: number, timeZone: string): string {
  const at = expectedAt(row);
  if (at === null) return i18next.t("emails.noTime");
  return at <= now ? i18next.t("emails.now") : momentToCome(at, now, timeZone);
}

function timeOf(row: EmailRow, now: number, timeZone: string): string {
  const at = row.failed_at ?? row.last_activity_at ?? row.sent_at ?? row.updated_at;
  return timeAgo(Date.parse(at), now, timeZone);
}

/** The third line: what is to know of the email where it stands, or how it begins. */
function MobileThird({ row, timeZone }: { row: EmailRow; timeZone: string }) {
  const limits = useLimits(row);
  if (row.uncertain) return <StatusBadge row={row} />;
  if (row.failure || row.status === "spam")
    return <Reason look={failureLook(row)} said={sayFailure(row).title} />;
  if (row.status === "scheduled")
    return <Reason look={waitLook(row)} said={sayWait(row, timeZone, limits).short} />;
  return row.snippet;
}

function Reason({ look: { icon: Icon, tone }, said }: { look: Look; said: string }) {
  return (
    <span className={classes.reason} data-tone={tone}>
      <Icon size={14} stroke={1.6} />
      <span className="qd-truncate">{said}</span>
    </span>
  );
}

function leftKind(row: EmailRow): ActionKind | null {
  const usual = (["archive", "unarchive", "delete"] as const).find((kind) => isPossible(kind, row));
  return bestRemedy(row) ?? usual ?? null;
}

/** Follows the finger and acts when it lets go far enough. */
function useSwipe(row: EmailRow, onAct: Props["onAct"]) {
  const [pull, setPull] = useState(0);
  const start = useRef<{ x: number; y: number } | null>(null);
  const moved = (event: TouchEvent) => {
    const touch = event.changedTouches[0];
    if (start.current === null || touch === undefined) return null;
    return { dx: touch.clientX - start.current.x, dy: touch.clientY - start.current.y };
  };
  return {
    pull,
    handlers: {
      onTouchStart: (event: TouchEvent) => {
        const touch = event.touches[0];
        start.current = touch && onAct ? { x: touch.clientX, y: touch.clientY } : null;
      },
      onTouchMove: (event: TouchEvent) => {
        const move = moved(event);
        if (move === null || Math.abs(move.dy) > Math.abs(move.dx)) return;
        if (move.dx > 0 && !isPossible("follow_up", row)) return;
        if (Math.abs(move.dx) > 12) setPull(pullOf(move.dx));
      },
      onTouchEnd: (event: TouchEvent) => {
        const move = moved(event);
        const swipe = move && swipeOf(move.dx, move.dy);
        setPull(0);
        start.current = null;
        const kind = swipe === "left" ? leftKind(row) : swipe === "right" ? ("follow_up" as const) : null;
        if (kind && onAct && isPossible(kind, row)) onAct(kind, [row]);
      },
      onTouchCancel: () => setPull(0),
    },
  };
}

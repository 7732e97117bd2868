import { IconCornerUpLeft, IconEye, IconPointer, IconRobot } from "@tabler/icons-react";
import type { EmailRow } from "../../api/types";
import { sayActivity } from "../words";
import classes from "./ActivityCell.module.css";

/** Views, clicks and replies. Machines are shown, greyed, and never counted. */
export function ActivityCell({
  row,
  zeros = true,
}: {
  row: Pick<EmailRow, "activity" | "tracked">;
  zeros?: boolean;
}) {
  const { views, views_automatic, clicks, replies } = row.activity;
  const said = sayActivity(row.activity, row.tracked);
  const machineOnly = views === 0 && views_automatic > 0;
  return (
    <span className={classes.activity} data-zeros={zeros || undefined}>
      {(zeros || views + views_automatic > 0) && (
        <span
          className={classes.figure}
          data-kind="views"
          data-zero={views === 0 || undefined}
          data-machine={machineOnly || undefined}
          title={said.views}
        >
          {machineOnly ? <IconRobot size={15} stroke={1.5} /> : <IconEye size={15} stroke={1.6} />}
          <span className="qd-hidden">{said.views}</span>
          {machineOnly && <b aria-hidden="true">{views_automatic}</b>}
          {views > 0 && <b aria-hidden="true">{views}</b>}
          {views > 0 && views_automatic > 0 && (
            <span className={classes.automatic} aria-hidden="true">
              +{views_automatic}
            </span>
          )}
        </span>
      )}
      {(zeros || clicks > 0) && (
        <span
          className={classes.figure}
          data-kind="clicks"
          data-zero={clicks === 0 || undefined}
          title={said.clicks}
        >
          <IconPointer size={14} stroke={1.6} />
          <span className="qd-hidden">{said.clicks}</span>
          {clicks > 0 && <b aria-hidden="true">{clicks}</b>}
        </span>
      )}
      {(zeros || replies > 0) && (
        <span
          className={classes.figure}
          data-kind="replies"
          data-zero={replies === 0 || undefined}
          title={said.replies}
        >
          <IconCornerUpLeft size={14} stroke={replies > 0 ? 1.9 : 1.6} />
          <span className="qd-hidden">{said.replies}</span>
          {replies > 0 && <b aria-hidden="true">{replies}</b>}
        </span>
      )}
    </span>
  );
}

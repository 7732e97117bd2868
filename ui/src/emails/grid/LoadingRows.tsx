import { useTranslation } from "react-i18next";
import type { Folder } from "../../api/types";
import { useLate } from "../../states/useLate";
import { fluidOf } from "../columns";
import classes from "./Grid.module.css";
import { useColumns } from "./useColumns";

const widths = [72, 58, 80, 64, 70, 52, 76, 60];

/** Grey shapes in the real places, and nothing at all for the first 300 ms. */
export function LoadingRows({ folder }: { folder: Folder }) {
  const { t } = useTranslation();
  const { shown, template } = useColumns(folder, 1200);
  const late = useLate(300);
  if (!late) return <div className={classes.scroller} />;
  return (
    <div
      className={classes.scroller}
      style={{ "--columns": template } as React.CSSProperties}
      role="status"
      aria-label={t("states.loading")}
    >
      {widths.map((width, place) => (
        <div key={width} className={classes.skeleton} style={{ opacity: 1 - place * 0.1 }}>
          <span className={classes.shapeBox} />
          {shown.map((id) => (
            <span key={id} className={id === "person" ? classes.shapePerson : undefined}>
              {id === "person" && <span className={classes.shapeFace} />}
              <i style={{ width: `${id === fluidOf(shown) ? width : 70}%` }} />
              {(id === "person" || id === "subject") && <i style={{ width: `${width - 20}%` }} />}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

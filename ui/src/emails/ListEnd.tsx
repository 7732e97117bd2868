import { Button } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/types";
import { tabOf } from "./folders";
import classes from "./grid/Grid.module.css";

type Props = {
  folder: Folder;
  query: Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetchNextPageError" | "fetchNextPage">;
};

/** The end of the list: that is all, or what is missing did not load. */
export function ListEnd({ folder, query }: Props) {
  const { t } = useTranslation();
  if (query.isFetchNextPageError)
    return (
      <div className={classes.end} role="alert">
        {t("emails.moreDidNotLoad")}{" "}
        <Button size="xs" variant="default" onClick={() => void query.fetchNextPage()}>
          {t("states.loadAgain")}
        </Button>
      </div>
    );
  if (query.hasNextPage) return <div className={classes.end}>{t("states.loading")}</div>;
  return (
    <div className={classes.end}>
      {t(tabOf(folder) === "undelivered" ? "emails.endUndelivered" : "emails.end")}
    </div>
  );
}

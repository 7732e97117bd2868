import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import classes from "./AppShell.module.css";
import { useServerBack } from "./useServerBack";

/** A page that could not be shown at all. */
export function BrokenPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const serverDown = useServerBack(error);
  return (
    <div className={classes.alone}>
      <ErrorState
        title={t(serverDown ? "states.serverDown" : "states.pageBroken")}
        hint={t(serverDown ? "states.serverDownSafe" : "states.pageBrokenSafe")}
        error={error}
        onRetry={() => window.location.reload()}
      />
    </div>
  );
}

/** An address that leads nowhere. */
export function MissingPage() {
  const { t } = useTranslation();
  return (
    <div className={classes.alone}>
      <EmptyState title={t("states.notFound")} hint={t("states.notFoundHint")}>
        <Button component="a" href="/">
          {t("states.toEmails")}
        </Button>
      </EmptyState>
    </div>
  );
}

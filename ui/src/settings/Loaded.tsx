import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "../states/ErrorState";
import { Loading } from "../states/Loading";

/** What was asked for, or why it is not there. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.error)
    return (
      <ErrorState title={t("settings.notLoaded")} error={query.error} onRetry={() => void query.refetch()} />
    );
  return <Loading />;
}

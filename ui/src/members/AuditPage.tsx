import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { useDay } from "../settings/useDay";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import classes from "./Audit.module.css";
import { auditQuery } from "./api";
import { changesBetween } from "./changes";
import { sayAction } from "./sayAction";

/** Who did what, when and from where; it is only ever added to. */
export default function AuditPage() {
  const { t } = useTranslation();
  const day = useDay(true);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(auditQuery);
  const entries = data?.pages.flatMap((page) => page.items);
  return (
    <Section title={t("members.audit.title")} hint={t("members.audit.hint")}>
      {error && !entries && (
        <ErrorState title={t("settings.notLoaded")} error={error} onRetry={() => void refetch()} />
      )}
      {entries?.length === 0 && <EmptyState title={t("members.audit.empty")} />}
      {entries && entries.length > 0 && (
        <Rows label={t("members.audit.title")}>
          {entries.map(({ id, at, actor, ip, action, target_kind, target_id, before, after }) => (
            <Row
              key={id}
              title={
                <>
                  {actor?.name ?? t("members.audit.nobody")}
                  <span className={classes.action}>{sayAction(action)}</span>
                </>
              }
              detail={
                <>
                  {[day(at), ip].filter(Boolean).join(" · ")} ·{" "}
                  <span className="qd-mono">
                    {action} {target_kind} {target_id}
                  </span>
                </>
              }
            >
              <Changes before={before} after={after} />
            </Row>
          ))}
        </Rows>
      )}
      {hasNextPage && (
        <div>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("members.audit.more")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Changes({ before, after }: { before: unknown; after: unknown }) {
  const { t } = useTranslation();
  const changes = changesBetween(before, after);
  if (changes.length === 0) return null;
  return (
    <dl className={classes.changes}>
      {changes.map((change) => (
        <div key={change.name}>
          <dt>{change.name}</dt>
          <dd>
            {change.before !== null && <del title={t("members.audit.before")}>{change.before}</del>}
            {change.after !== null && <ins title={t("members.audit.after")}>{change.after}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

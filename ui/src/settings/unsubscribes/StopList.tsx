import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Stop } from "../../api/types";
import { useSession } from "../../session/session";
import { EmptyState } from "../../states/EmptyState";
import { stopsQuery } from "../../stops/api";
import { causeIcons } from "../../stops/looks";
import { ResumeDialog } from "../../stops/ResumeDialog";
import classes from "../../stops/Stops.module.css";
import { sayHow, sayScope, sayWhy, sentences } from "../../stops/say";
import { dateOf } from "../../times/format";
import { Badge, Row, Rows } from "../Rows";
import { Section } from "../Section";

/** Everybody who is not to be mailed, with the reason. */
export function StopList() {
  const { t } = useTranslation();
  const { role } = useSession();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 250);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(stopsQuery(asked));
  const [resuming, setResuming] = useState<Stop | null>(null);
  const stops = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section
      title={t("stops.list.title")}
      hint={t(role === "admin" ? "stops.list.hint" : "stops.list.hintOwn")}
    >
      <TextInput
        type="search"
        className={classes.search ?? ""}
        aria-label={t("stops.list.search")}
        placeholder={t("stops.list.search")}
        leftSection={<IconSearch size={15} stroke={1.6} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {stops.length > 0 && (
        <Rows label={t("stops.list.title")}>
          {stops.map((stop) => (
            <StopRow key={stop.id} stop={stop} onResume={role === "admin" ? setResuming : null} />
          ))}
        </Rows>
      )}
      {data && stops.length === 0 && asked !== "" && <p className={classes.none}>{t("stops.list.nobody")}</p>}
      {data && stops.length === 0 && asked === "" && (
        <EmptyState title={t("stops.list.empty")} hint={t("stops.list.emptyHint")} />
      )}
      {hasNextPage && (
        <Button variant="default" mt={12} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("stops.list.more")}
        </Button>
      )}
      {resuming && <ResumeDialog stop={resuming} onClose={() => setResuming(null)} />}
    </Section>
  );
}

function StopRow({ stop, onResume }: { stop: Stop; onResume: ((stop: Stop) => void) | null }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const Icon = causeIcons[stop.cause];
  const date = dateOf(Date.parse(stop.at), Date.now(), user.time_zone);
  const name = stop.person_name ?? stop.address;
  const scope = sayScope(stop, user.id);
  return (
    <Row
      title={
        <>
          {name}
          <Badge tone="coral" icon={<Icon size={12} stroke={1.8} />}>
            {t(`stops.causes.${stop.cause}`)}
          </Badge>
          {scope && <Badge tone="plain">{scope}</Badge>}
        </>
      }
      detail={
        <>
          {stop.person_name ? `${stop.address} · ${date}` : date}
          <div>{sentences(sayHow(stop), ...sayWhy(stop))}</div>
        </>
      }
      actions={
        onResume && (
          <Button
            size="xs"
            variant="default"
            aria-label={t("stops.resumeOne", { name })}
            onClick={() => onResume(stop)}
          >
            {t("stops.resume")}
          </Button>
        )
      }
    />
  );
}

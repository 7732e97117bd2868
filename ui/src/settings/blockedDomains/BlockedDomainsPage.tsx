import { ActionIcon, Button, TextInput, Tooltip } from "@mantine/core";
import { IconTrash, IconWorldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import { useSubmit } from "../../api/useSubmit";
import { useSession } from "../../session/session";
import { EmptyState } from "../../states/EmptyState";
import { dateOf } from "../../times/format";
import { say, sayError, sayWithUndo } from "../../toasts/toasts";
import { Loaded } from "../Loaded";
import { Row, Rows } from "../Rows";
import { Form, Problem, Section } from "../Section";
import { blockDomain, blockedDomainsQuery, unblockDomain } from "./api";

const refresh = () => queryClient.invalidateQueries({ queryKey: blockedDomainsQuery.queryKey });

/** Domains that nobody in the workspace writes to. */
export default function BlockedDomainsPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const query = useQuery(blockedDomainsQuery);
  return (
    <Section title={t("stops.domains.title")} hint={t("stops.domains.hint")}>
      <BlockForm />
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            <Rows label={t("stops.domains.title")}>
              {items.map(({ domain, by, at }) => (
                <Row
                  key={domain}
                  lead={<IconWorldOff size={18} stroke={1.6} />}
                  title={domain}
                  detail={t("stops.domains.by", {
                    name: by.name,
                    date: dateOf(Date.parse(at), Date.now(), user.time_zone),
                  })}
                  actions={<Unblock domain={domain} />}
                />
              ))}
            </Rows>
          ) : (
            <EmptyState title={t("stops.domains.empty")} hint={t("stops.domains.emptyHint")} />
          )
        }
      </Loaded>
    </Section>
  );
}

function BlockForm() {
  const { t } = useTranslation();
  const [domain, setDomain] = useState("");
  const { busy, errors, problem, submit } = useSubmit();
  const block = async (): Promise<void> => {
    const done = await submit(async () => {
      const blocked = await blockDomain(domain);
      say(t("stops.domains.blocked", { domain: blocked.domain, count: blocked.failed }));
    });
    if (!done) return;
    setDomain("");
    await refresh();
  };
  return (
    <Form
      onSubmit={() => void block()}
      buttons={
        <Button type="submit" loading={busy} disabled={domain.trim() === ""}>
          {t("stops.domains.block")}
        </Button>
      }
    >
      {problem && <Problem>{problem}</Problem>}
      <TextInput
        label={t("stops.domains.domain")}
        placeholder={t("stops.domains.placeholder")}
        value={domain}
        error={errors.domain}
        maxLength={253}
        onChange={(event) => setDomain(event.currentTarget.value)}
      />
    </Form>
  );
}

function Unblock({ domain }: { domain: string }) {
  const { t } = useTranslation();
  const unblock = async (): Promise<void> => {
    try {
      await unblockDomain(domain);
      sayWithUndo({
        message: t("stops.domains.unblocked", { domain }),
        undo: async () => {
          await blockDomain(domain);
          await refresh();
        },
      });
    } catch (error) {
      sayError(error);
    }
    await refresh();
  };
  return (
    <Tooltip label={t("stops.domains.unblock", { domain })}>
      <ActionIcon aria-label={t("stops.domains.unblock", { domain })} onClick={() => void unblock()}>
        <IconTrash size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

import { Button, MultiSelect, Select, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../api/queries";
import type { NewInvitation, Role } from "../api/types";
import { useSubmit } from "../api/useSubmit";
import { ConfirmButton } from "../settings/ConfirmButton";
import { CopyField } from "../settings/CopyField";
import { Loaded } from "../settings/Loaded";
import panel from "../settings/Panel.module.css";
import { Row, Rows } from "../settings/Rows";
import { Fields, Form, Problem, Section } from "../settings/Section";
import { useDay } from "../settings/useDay";
import { sayError } from "../toasts/toasts";
import { invitationsQuery, invite, teamsQuery, withdrawInvitation } from "./api";
import { roleOptions } from "./roles";

/** Who is asked to join. */
export default function InvitationsPage() {
  const { t } = useTranslation();
  const day = useDay();
  const query = useQuery(invitationsQuery);
  const withdraw = (id: string): void => {
    withdrawInvitation(id)
      .then(() => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }))
      .catch(sayError);
  };
  return (
    <Section title={t("members.invitations.title")} hint={t("members.invitations.hint")}>
      <InviteForm />
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 && (
            <Rows label={t("members.invitations.title")}>
              {items.map(({ id, email, role, teams, expires_at }) => (
                <Row
                  key={id}
                  title={email}
                  detail={[
                    t(`members.roles.${role}`),
                    ...teams.map((team) => team.name),
                    t("members.invitations.until", { day: day(expires_at) }),
                  ].join(" · ")}
                  actions={
                    <ConfirmButton
                      label={t("members.invitations.withdrawOne", { email })}
                      icon={<IconTrash size={16} stroke={1.6} />}
                      question={t("members.invitations.question", { email })}
                      verb={t("members.invitations.withdraw")}
                      onConfirm={() => withdraw(id)}
                    />
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function InviteForm() {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const { busy, errors, problem, submit } = useSubmit();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [teamIds, setTeamIds] = useState<string[]>([]);
  const [made, setMade] = useState<NewInvitation | null>(null);

  const send = async (): Promise<void> => {
    await submit(async () => {
      setMade(await invite({ email: email.trim(), role, team_ids: teamIds }));
      setEmail("");
      await queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    });
  };
  return (
    <>
      <Form
        onSubmit={() => void send()}
        buttons={
          <Button type="submit" loading={busy} disabled={email.trim() === ""}>
            {t("members.invitations.send")}
          </Button>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <Fields>
          <TextInput
            type="email"
            label={t("members.invitations.email")}
            value={email}
            error={errors.email}
            maxLength={254}
            autoComplete="off"
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Select
            label={t("members.role")}
            data={roleOptions()}
            value={role}
            error={errors.role}
            allowDeselect={false}
            onChange={(chosen) => chosen && setRole(chosen as Role)}
          />
        </Fields>
        {teams.length > 0 && (
          <MultiSelect
            label={t("members.teams.title")}
            data={teams.map(({ id, name }) => ({ value: id, label: name }))}
            value={teamIds}
            error={errors.team_ids}
            onChange={setTeamIds}
          />
        )}
      </Form>
      {made && (
        <div className={panel.panel} role="status">
          {made.mailed && <p>{t("members.invitations.mailed", { email: made.email })}</p>}
          {made.link && (
            <CopyField label={t("members.invitations.link", { email: made.email })} value={made.link} />
          )}
        </div>
      )}
    </>
  );
}

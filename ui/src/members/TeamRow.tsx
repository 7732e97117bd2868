import { Button, MultiSelect, TextInput } from "@mantine/core";
import { IconTrash, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../api/queries";
import type { Team } from "../api/types";
import { useSubmit } from "../api/useSubmit";
import { ConfirmButton } from "../settings/ConfirmButton";
import panel from "../settings/Panel.module.css";
import { Row } from "../settings/Rows";
import { Form, Problem } from "../settings/Section";
import { sayError } from "../toasts/toasts";
import { addToTeam, deleteTeam, membersQuery, removeFromTeam, renameTeam } from "./api";

const reload = async (): Promise<void> => {
  await queryClient.invalidateQueries({ queryKey: ["teams"] });
  await queryClient.invalidateQueries({ queryKey: ["members"] });
};

export function TeamRow({ team }: { team: Team }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  return (
    <Row
      lead={<IconUsers size={17} stroke={1.6} />}
      title={team.name}
      detail={team.members.map(({ name }) => name).join(", ") || t("members.teams.nobody")}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            aria-expanded={editing}
            aria-label={t("settings.editOne", { name: team.name })}
            onClick={() => setEditing(!editing)}
          >
            {t("settings.edit")}
          </Button>
          <ConfirmButton
            label={t("members.teams.deleteOne", { name: team.name })}
            icon={<IconTrash size={16} stroke={1.6} />}
            question={t("members.teams.question", { name: team.name })}
            verb={t("settings.delete")}
            onConfirm={() => void deleteTeam(team.id).then(reload).catch(sayError)}
          />
        </>
      }
    >
      {editing && <TeamForm team={team} onDone={() => setEditing(false)} />}
    </Row>
  );
}

function TeamForm({ team, onDone }: { team: Team; onDone: () => void }) {
  const { t } = useTranslation();
  const everybody = useQuery(membersQuery).data?.items ?? [];
  const { busy, errors, problem, submit } = useSubmit();
  const [name, setName] = useState(team.name);
  const before = team.members.map(({ id }) => id);
  const [ids, setIds] = useState(before);

  const save = async (): Promise<void> => {
    const kept = await submit(async () => {
      if (name.trim() !== team.name) await renameTeam(team.id, name.trim());
      for (const id of ids.filter((one) => !before.includes(one))) await addToTeam(team.id, id);
      for (const id of before.filter((one) => !ids.includes(one))) await removeFromTeam(team.id, id);
    });
    // Some of it may have been kept before something failed.
    await reload();
    if (kept) onDone();
  };
  return (
    <div className={panel.panel}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <>
            <Button type="submit" loading={busy}>
              {t("settings.save")}
            </Button>
            <Button variant="default" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <TextInput
          label={t("members.teams.name")}
          value={name}
          error={errors.name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MultiSelect
          label={t("members.teams.members")}
          data={everybody.map((member) => ({ value: member.id, label: member.name }))}
          value={ids}
          searchable
          onChange={setIds}
        />
      </Form>
    </div>
  );
}

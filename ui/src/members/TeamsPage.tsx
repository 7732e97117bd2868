import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../api/queries";
import { useSubmit } from "../api/useSubmit";
import { Loaded } from "../settings/Loaded";
import { Rows } from "../settings/Rows";
import { Form, Problem, Section } from "../settings/Section";
import { createTeam, teamsQuery } from "./api";
import { TeamRow } from "./TeamRow";

/** Who works together; a manager sees the teams they are in. */
export default function TeamsPage() {
  const { t } = useTranslation();
  const query = useQuery(teamsQuery);
  const { busy, errors, problem, submit } = useSubmit();
  const [name, setName] = useState("");
  const create = async (): Promise<void> => {
    await submit(async () => {
      await createTeam(name.trim());
      setName("");
      await queryClient.invalidateQueries({ queryKey: teamsQuery.queryKey });
    });
  };
  return (
    <Section title={t("members.teams.title")} hint={t("members.teams.hint")}>
      <Form
        onSubmit={() => void create()}
        buttons={
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            {t("members.teams.create")}
          </Button>
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
      </Form>
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 && (
            <Rows label={t("members.teams.title")}>
              {items.map((team) => (
                <TeamRow key={team.id} team={team} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

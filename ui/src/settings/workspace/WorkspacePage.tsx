import { Button, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Workspace } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import { channelsQuery } from "../../channels/channels";
import { say } from "../../toasts/toasts";
import { Loaded } from "../Loaded";
import { Fields, Form, Problem, Section } from "../Section";
import { changeWorkspace, workspaceQuery } from "./api";

export default function WorkspacePage() {
  const query = useQuery(workspaceQuery);
  return (
    <Loaded query={query}>
      {(workspace) => <WorkspaceForm key={workspace.version} workspace={workspace} />}
    </Loaded>
  );
}

/** What holds for everybody. */
function WorkspaceForm({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation();
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const { busy, errors, problem, submit } = useSubmit();
  const [form, setForm] = useState({
    name: workspace.name,
    tracking: workspace.tracking,
    give_up_after_h: workspace.give_up_after_h as number | string,
    traces_days: workspace.traces_days as number | string,
    system_channel_id: workspace.system_channel_id,
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const team = channels.filter(({ owner, id }) => owner === null || id === workspace.system_channel_id);

  const save = async (): Promise<void> => {
    const kept = await submit(async () => {
      const changed = {
        ...form,
        give_up_after_h: Number(form.give_up_after_h),
        traces_days: Number(form.traces_days),
      };
      queryClient.setQueryData(workspaceQuery.queryKey, await changeWorkspace(workspace.version, changed));
      await queryClient.invalidateQueries({ queryKey: ["session"] });
    });
    if (kept) say(t("settings.saved"));
  };
  return (
    <Section title={t("settings.workspace.title")} hint={t("settings.workspace.hint")}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <Button type="submit" loading={busy}>
            {t("settings.save")}
          </Button>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <TextInput
          label={t("settings.workspace.name")}
          value={form.name}
          error={errors.name}
          maxLength={200}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Switch
          label={t("settings.workspace.tracking")}
          description={t("settings.workspace.trackingHint")}
          checked={form.tracking}
          onChange={(event) => set({ tracking: event.currentTarget.checked })}
        />
        <NumberInput
          label={t("settings.workspace.traces")}
          description={t("settings.workspace.tracesHint")}
          suffix={t("settings.workspace.days")}
          styles={{ wrapper: { width: 200 } }}
          min={1}
          max={3650}
          allowDecimal={false}
          value={form.traces_days}
          error={errors.traces_days}
          onChange={(traces_days) => set({ traces_days })}
        />
        <NumberInput
          label={t("settings.workspace.giveUp")}
          description={t("settings.workspace.giveUpHint")}
          suffix={t("settings.workspace.hours")}
          styles={{ wrapper: { width: 200 } }}
          min={1}
          max={240}
          allowDecimal={false}
          value={form.give_up_after_h}
          error={errors.give_up_after_h}
          onChange={(give_up_after_h) => set({ give_up_after_h })}
        />
        <Select
          label={t("settings.workspace.systemChannel")}
          description={t("settings.workspace.systemChannelHint")}
          placeholder={t("settings.workspace.noSystemChannel")}
          data={team.map(({ id, name }) => ({ value: id, label: name }))}
          value={form.system_channel_id}
          error={errors.system_channel_id}
          clearable
          onChange={(system_channel_id) => set({ system_channel_id })}
        />
        <Fields>
          <TextInput label={t("settings.workspace.publicUrl")} value={workspace.public_url} readOnly />
          <TextInput label={t("settings.workspace.trackingUrl")} value={workspace.tracking_url} readOnly />
        </Fields>
      </Form>
    </Section>
  );
}

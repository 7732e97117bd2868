import { Button, NumberInput, PasswordInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../../api/useSubmit";
import { languages } from "../../i18n/languages";
import { keepSession, useSession } from "../../session/session";
import { leave } from "../../shell/leave";
import { NewPassword } from "../../signin/NewPassword";
import { say } from "../../toasts/toasts";
import { Fields, Form, Problem, Section } from "../Section";
import { ZoneSelect } from "../ZoneSelect";
import { changePassword, changeProfile } from "./api";

export default function ProfilePage() {
  return (
    <>
      <Profile />
      <Password />
      <Sessions />
    </>
  );
}

function Profile() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { busy, errors, problem, submit } = useSubmit();
  const [form, setForm] = useState({
    name: user.name,
    time_zone: user.time_zone,
    language: user.language,
    undo_window_s: user.undo_window_s as number | string,
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });

  const save = async (): Promise<void> => {
    const kept = await submit(async () =>
      keepSession(await changeProfile({ ...form, undo_window_s: Number(form.undo_window_s) })),
    );
    if (kept) say(t("settings.saved"));
  };
  return (
    <Section title={t("settings.profile.title")} hint={t("settings.profile.hint", { email: user.email })}>
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
          label={t("settings.profile.name")}
          autoComplete="name"
          value={form.name}
          error={errors.name}
          maxLength={200}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Fields>
          <ZoneSelect
            value={form.time_zone}
            error={errors.time_zone}
            onChange={(time_zone) => set({ time_zone })}
          />
          <Select
            label={t("settings.profile.language")}
            data={languages}
            value={form.language}
            error={errors.language}
            allowDeselect={false}
            onChange={(language) => language && set({ language })}
          />
        </Fields>
        <NumberInput
          label={t("settings.profile.undo")}
          description={t("settings.profile.undoHint")}
          suffix={t("settings.profile.seconds")}
          styles={{ wrapper: { width: 200 } }}
          min={0}
          max={120}
          allowDecimal={false}
          value={form.undo_window_s}
          error={errors.undo_window_s}
          onChange={(undo_window_s) => set({ undo_window_s })}
        />
      </Form>
    </Section>
  );
}

function Password() {
  const { t } = useTranslation();
  const { busy, errors, problem, submit } = useSubmit();
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState("");
  const save = async (): Promise<void> => {
    if (!(await submit(() => changePassword({ current, new: chosen })))) return;
    setCurrent("");
    setChosen("");
    say(t("settings.profile.passwordChanged"));
  };
  return (
    <Section title={t("settings.profile.password")}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <Button type="submit" variant="default" loading={busy} disabled={current === "" || chosen === ""}>
            {t("settings.profile.changePassword")}
          </Button>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <PasswordInput
          autoComplete="current-password"
          label={t("settings.profile.currentPassword")}
          value={current}
          error={errors.current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <NewPassword label={t("signin.newPassword")} value={chosen} error={errors.new} onChange={setChosen} />
      </Form>
    </Section>
  );
}

function Sessions() {
  const { t } = useTranslation();
  return (
    <Section
      title={t("settings.profile.sessions")}
      hint={t("settings.profile.sessionsHint")}
      action={
        <Button variant="default" onClick={() => void leave({ everywhere: true })}>
          {t("settings.profile.signOutEverywhere")}
        </Button>
      }
    />
  );
}

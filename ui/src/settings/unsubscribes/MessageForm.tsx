import { Button, Radio, Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { UnsubscribeMessage } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import classes from "../../stops/Stops.module.css";
import { say } from "../../toasts/toasts";
import { SignatureEditor } from "../identities/SignatureEditor";
import { Form, Problem } from "../Section";
import { changeMessage, messageQuery } from "./api";

/** What an administrator decides about the words with the link. */
export function MessageForm({ message }: { message: UnsubscribeMessage }) {
  const { t } = useTranslation();
  const { busy, errors, problem, submit } = useSubmit();
  const [appended, setAppended] = useState(message.appended);
  const [wording, setWording] = useState(message.wording);
  const [html, setHtml] = useState(message.html);

  const save = async (): Promise<void> => {
    const kept = await submit(async () => {
      const saved = await changeMessage(message.version, { appended, wording, html });
      queryClient.setQueryData(messageQuery.queryKey, saved);
    });
    if (kept) say(t("stops.message.saved"));
  };
  return (
    <Form
      onSubmit={() => void save()}
      buttons={
        <Button type="submit" loading={busy}>
          {t("settings.save")}
        </Button>
      }
    >
      {problem && <Problem>{problem}</Problem>}
      <Switch
        label={t("stops.message.appended")}
        description={t("stops.message.appendedHint")}
        checked={appended}
        onChange={(event) => setAppended(event.currentTarget.checked)}
      />
      <Radio.Group
        label={t("stops.message.wording")}
        value={wording}
        onChange={(value) => setWording(value as UnsubscribeMessage["wording"])}
      >
        <Radio value="admin" label={t("stops.message.admin")} className={classes.radio ?? ""} />
        <Radio value="users" label={t("stops.message.users")} className={classes.radio ?? ""} />
      </Radio.Group>
      <SignatureEditor
        label={t(wording === "admin" ? "stops.message.words" : "stops.message.wordsDefault")}
        html={html}
        error={errors.html}
        onChange={setHtml}
      />
    </Form>
  );
}

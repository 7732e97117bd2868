import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { UnsubscribeMessage } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import classes from "../../stops/Stops.module.css";
import { say } from "../../toasts/toasts";
import { SignatureEditor } from "../identities/SignatureEditor";
import { Form, Problem, Section } from "../Section";
import { changeOwnMessage, messageQuery } from "./api";

/** What a user writes for their own mail. */
export function OwnMessage({ message }: { message: UnsubscribeMessage }) {
  const { t } = useTranslation();
  const { busy, errors, problem, submit } = useSubmit();
  const [html, setHtml] = useState(message.own_html);
  const save = async (): Promise<void> => {
    const kept = await submit(async () => {
      await changeOwnMessage(html);
      await queryClient.invalidateQueries({ queryKey: messageQuery.queryKey });
    });
    if (kept) say(t("stops.message.saved"));
  };
  return (
    <Section
      title={t("stops.message.own")}
      hint={t("stops.message.ownHint", { words: wordsOf(message.html) })}
    >
      <Form
        onSubmit={() => void save()}
        buttons={
          <Button type="submit" loading={busy}>
            {t("settings.save")}
          </Button>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <SignatureEditor
          label={t("stops.message.words")}
          html={html}
          error={errors.html}
          onChange={setHtml}
        />
      </Form>
    </Section>
  );
}

/** What everybody's mail says, for those who cannot change it. */
export function GivenMessage({ message }: { message: UnsubscribeMessage }) {
  const { t } = useTranslation();
  return (
    <Section title={t("stops.message.title")} hint={t("stops.message.given")}>
      <div className={classes.given}>{wordsOf(message.html)}</div>
    </Section>
  );
}

function wordsOf(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}

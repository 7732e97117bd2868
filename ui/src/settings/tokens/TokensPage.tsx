import { Button, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import { useSubmit } from "../../api/useSubmit";
import { sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import { CopyField } from "../CopyField";
import { Loaded } from "../Loaded";
import panel from "../Panel.module.css";
import { Row, Rows } from "../Rows";
import { Form, Problem, Section } from "../Section";
import { useDay } from "../useDay";
import { createToken, revokeToken, tokensQuery } from "./api";

/** Keys for programs that act as this user. */
export default function TokensPage() {
  const { t } = useTranslation();
  const day = useDay();
  const query = useQuery(tokensQuery);
  const { busy, errors, problem, submit } = useSubmit();
  const [name, setName] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const reload = () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });

  const create = async (): Promise<void> => {
    await submit(async () => {
      setMade((await createToken(name.trim())).token);
      setName("");
      await reload();
    });
  };
  return (
    <Section title={t("settings.tokens.title")} hint={t("settings.tokens.hint")}>
      <Form
        onSubmit={() => void create()}
        buttons={
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            {t("settings.tokens.create")}
          </Button>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <TextInput
          label={t("settings.tokens.name")}
          placeholder={t("settings.tokens.namePlaceholder")}
          value={name}
          error={errors.name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </Form>
      {made && (
        <div className={panel.panel}>
          <CopyField label={t("settings.tokens.once")} value={made} />
        </div>
      )}
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 && (
            <Rows label={t("settings.tokens.title")}>
              {items.map((token) => (
                <Row
                  key={token.id}
                  title={token.name}
                  detail={[
                    t("settings.tokens.created", { day: day(token.created_at) }),
                    token.last_used_at
                      ? t("settings.tokens.used", { day: day(token.last_used_at) })
                      : t("settings.tokens.unused"),
                  ].join(" · ")}
                  actions={
                    <ConfirmButton
                      label={t("settings.tokens.revokeOne", { name: token.name })}
                      icon={<IconTrash size={16} stroke={1.6} />}
                      question={t("settings.tokens.question", { name: token.name })}
                      verb={t("settings.tokens.revoke")}
                      onConfirm={() => void revokeToken(token.id).then(reload).catch(sayError)}
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

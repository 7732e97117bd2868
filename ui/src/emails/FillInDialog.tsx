import { Button, Modal, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../api/types";
import { useSubmit } from "../api/useSubmit";
import { labelOf } from "../compose/fields/labels";
import { Form, Problem } from "../settings/Section";
import { editPerson, personQuery } from "./api";
import { emptyFields } from "./emptyFields";
import { nameOf } from "./words";

type Props = { email: EmailRow; onClose: () => void; onFilled: () => void };

/** Asks for what was empty for the person, after which the email can go once more. */
export function FillInDialog({ email, onClose, onFilled }: Props) {
  const { t } = useTranslation();
  const { data: person } = useQuery(personQuery(email.person?.id ?? ""));
  const fields = emptyFields(email);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const { busy, errors, problem, submit, forget } = useSubmit();
  // It may have been filled in elsewhere meanwhile.
  const value = (field: (typeof fields)[number]): string => typed[field] ?? person?.[field] ?? "";
  const complete = person !== undefined && fields.every((field) => value(field).trim() !== "");

  const saveAndRetry = async (): Promise<void> => {
    if (!complete) return;
    const filled = Object.fromEntries(fields.map((field) => [field, value(field)]));
    if (!(await submit(async () => void (await editPerson(person, filled))))) return;
    onFilled();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("emails.details.fillInTitle", { name: nameOf(email) })}
      size={400}
    >
      <Form
        onSubmit={() => void saveAndRetry()}
        buttons={
          <>
            <Button type="submit" loading={busy} disabled={!complete}>
              {t("emails.details.fillInAndRetry")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("states.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        {fields.map((field, place) => (
          <TextInput
            key={field}
            data-autofocus={place === 0 || undefined}
            label={labelOf(field)}
            value={value(field)}
            error={errors[field]}
            onChange={({ currentTarget }) => {
              setTyped({ ...typed, [field]: currentTarget.value });
              forget({ [field]: "" });
            }}
          />
        ))}
      </Form>
    </Modal>
  );
}

import { Button, Modal, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import { labelOf } from "../../compose/fields/labels";
import { Form, Problem } from "../../settings/Section";
import { act } from "../actions";
import { editPerson, personQuery } from "../api";
import { theseRows } from "../chosen";
import { nameOf } from "../words";
import type { emptyFields } from "./emptyFields";

type Props = { email: EmailDetails; fields: ReturnType<typeof emptyFields> };

/** What was empty for the person is filled in, and the email goes once more. */
export function FillInButton({ email, fields }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button leftSection={<IconPencil stroke={1.6} />} onClick={() => setAsking(true)}>
        {t("emails.details.fillIn")}
      </Button>
      {asking && <FillInDialog email={email} fields={fields} onClose={() => setAsking(false)} />}
    </>
  );
}

function FillInDialog({ email, fields, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: person } = useQuery(personQuery(email.person?.id ?? ""));
  const [typed, setTyped] = useState<Record<string, string>>({});
  const { busy, errors, problem, submit, forget } = useSubmit();
  // It may have been filled in elsewhere meanwhile.
  const value = (field: (typeof fields)[number]): string => typed[field] ?? person?.[field] ?? "";
  const complete = person !== undefined && fields.every((field) => value(field).trim() !== "");

  const saveAndRetry = async (): Promise<void> => {
    if (!complete) return;
    const filled = Object.fromEntries(fields.map((field) => [field, value(field)]));
    if (!(await submit(async () => void (await editPerson(person, filled))))) return;
    onClose();
    await act("retry", theseRows([email]));
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

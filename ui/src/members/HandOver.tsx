import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../api/queries";
import type { Member } from "../api/types";
import { useSubmit } from "../api/useSubmit";
import panel from "../settings/Panel.module.css";
import { Form, Problem } from "../settings/Section";
import { deactivate } from "./api";

type Props = { member: Member; heirs: Member[]; onDone: () => void };

/** Somebody leaves: their mail and their people go to somebody else, so that nothing falls through the cracks. */
export function HandOver({ member, heirs, onDone }: Props) {
  const { t } = useTranslation();
  const { busy, errors, problem, submit } = useSubmit();
  const [heir, setHeir] = useState<string | null>(null);
  const confirm = async (): Promise<void> => {
    if (heir === null) return;
    const done = await submit(async () => {
      await deactivate(member.id, heir);
      await queryClient.invalidateQueries({ queryKey: ["members"] });
    });
    if (done) onDone();
  };
  return (
    <div className={panel.panel}>
      <Form
        onSubmit={() => void confirm()}
        buttons={
          <>
            <Button type="submit" color="coral" variant="light" loading={busy} disabled={heir === null}>
              {t("members.deactivateName", { name: member.name })}
            </Button>
            <Button variant="default" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <Select
          label={t("members.handOverTo")}
          description={t("members.handOverHint", { name: member.name })}
          placeholder={t("members.choose")}
          data={heirs.map(({ id, name }) => ({ value: id, label: name }))}
          value={heir}
          error={errors.hand_over_to}
          searchable
          onChange={setHeir}
        />
      </Form>
    </div>
  );
}

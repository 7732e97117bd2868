import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../../api/useSubmit";
import panel from "../Panel.module.css";
import { Form, Problem } from "../Section";

type Props<Test> = {
  /** What the button says that keeps it. */
  keepLabel: string;
  keep: () => Promise<void>;
  test: () => Promise<Test>;
  onDone: () => void;
  /** The fields, with what is wrong with each; `forget` is told which of them change. */
  children: (errors: Record<string, string>, forget: (fields: object) => void) => ReactNode;
  outcome: (test: Test) => ReactNode;
};

/** A server that can be tested as it stands in the form, before it is kept. */
export function ServerForm<Test>({ keepLabel, keep, test, onDone, children, outcome }: Props<Test>) {
  const { t } = useTranslation();
  const [tested, setTested] = useState<Test | null>(null);
  const saving = useSubmit();
  const testing = useSubmit();
  const problem = saving.problem ?? testing.problem;
  const forget = (fields: object): void => {
    saving.forget(fields);
    testing.forget(fields);
  };

  const save = async (): Promise<void> => {
    if (await saving.submit(keep)) onDone();
  };
  const tryIt = async (): Promise<void> => {
    setTested(null);
    await testing.submit(async () => setTested(await test()));
  };

  return (
    <div className={panel.panel}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <>
            <Button type="submit" loading={saving.busy}>
              {keepLabel}
            </Button>
            <Button variant="default" loading={testing.busy} onClick={() => void tryIt()}>
              {t("settings.channels.test")}
            </Button>
            <Button variant="subtle" color="gray" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        {children({ ...testing.errors, ...saving.errors }, forget)}
        {tested !== null && outcome(tested)}
      </Form>
    </div>
  );
}

import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../../api/useSubmit";
import panel from "../Panel.module.css";
import { Form, Problem } from "../Section";

type Props<Fields, Test> = {
  fields: Fields;
  onChange: (fields: Fields) => void;
  /** What the button says that keeps it. */
  keepLabel: string;
  keep: () => Promise<void>;
  test: () => Promise<Test>;
  onDone: () => void;
  /** The inputs, with what is wrong with each; `set` changes some, of which what was wrong is old then. */
  children: (errors: Record<string, string>, set: (part: Partial<Fields>) => void) => ReactNode;
  outcome: (test: Test) => ReactNode;
};

/** A server that can be tested as it stands in the form, before it is kept. */
export function ServerForm<Fields extends object, Test>(props: Props<Fields, Test>) {
  const { fields, onChange, keepLabel, keep, test, onDone, children, outcome } = props;
  const { t } = useTranslation();
  const [tested, setTested] = useState<Test | null>(null);
  const saving = useSubmit();
  const testing = useSubmit();
  const problem = saving.problem ?? testing.problem;
  const set = (part: Partial<Fields>): void => {
    saving.forget(part);
    testing.forget(part);
    onChange({ ...fields, ...part });
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
        onSubmit={(button) => void (button === "test" ? tryIt() : save())}
        buttons={
          <>
            <Button type="submit" loading={saving.busy}>
              {keepLabel}
            </Button>
            <Button type="submit" name="test" variant="default" loading={testing.busy}>
              {t("settings.channels.test")}
            </Button>
            <Button variant="subtle" color="gray" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        {children({ ...testing.errors, ...saving.errors }, set)}
        {tested !== null && outcome(tested)}
      </Form>
    </div>
  );
}

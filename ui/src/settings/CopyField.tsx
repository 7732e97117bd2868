import { Button, CopyButton, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./CopyField.module.css";

/** Something to take along: a link or a token, whole, with a button that copies it. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.field}>
      <TextInput
        className={classes.input}
        classNames={{ input: classes.value }}
        label={label}
        value={value}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            size="md"
            variant="default"
            leftSection={copied ? <IconCheck stroke={1.6} /> : <IconCopy stroke={1.6} />}
            onClick={copy}
          >
            {t(copied ? "states.copied" : "states.copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

import { Button, Popover, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { Editor } from "@tiptap/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, caretRect } from "./Anchor";
import classes from "./ChipPopover.module.css";
import { labelOf } from "./labels";
import type { Field } from "./source";

type Props = { editor: Editor; position: number; onClose: () => void };

/** What to write when the field is empty, beside its chip. */
export function ChipPopover({ editor, position, onClose }: Props) {
  const { t } = useTranslation();
  const [rect] = useState(() => caretRect(editor, position));
  const [field] = useState(() => editor.state.doc.nodeAt(position)?.attrs as Field | undefined);
  const [fallback, setFallback] = useState(field?.fallback ?? "");
  if (!field) return null;

  const close = (): void => {
    onClose();
    editor.commands.focus(position + 1);
  };
  const keep = (): void => {
    editor.commands.command(({ tr }) => {
      tr.setNodeMarkup(position, undefined, { ...field, fallback: fallback.trim() === "" ? null : fallback });
      return true;
    });
    close();
  };
  const remove = (): void => {
    editor.commands.deleteRange({ from: position, to: position + 1 });
    onClose();
    editor.commands.focus(position);
  };

  return (
    <Popover opened onClose={onClose} position="bottom-start" width={300} trapFocus closeOnEscape={false}>
      <Popover.Target>
        <Anchor rect={rect} />
      </Popover.Target>
      <Popover.Dropdown
        aria-label={labelOf(field.name)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          close();
        }}
      >
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            keep();
          }}
        >
          <TextInput
            data-autofocus
            label={t("compose.fields.fallback", { field: labelOf(field.name) })}
            placeholder={t("compose.fields.fallbackExample")}
            value={fallback}
            maxLength={200}
            onChange={(event) => setFallback(event.currentTarget.value.replace(/[{}]/g, ""))}
          />
          <div className={classes.buttons}>
            <Button
              size="xs"
              variant="subtle"
              color="coral"
              leftSection={<IconTrash stroke={1.6} />}
              onClick={remove}
            >
              {t("compose.fields.remove")}
            </Button>
            <Button size="xs" type="submit">
              {t("compose.fields.keep")}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

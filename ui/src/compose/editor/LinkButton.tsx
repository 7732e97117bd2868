import { ActionIcon, Button, Popover, TextInput, Tooltip } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { type Editor, useEditorState } from "@tiptap/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./LinkButton.module.css";
import { asUrl } from "./links";

/** Puts a link on the selected words, changes it, or takes it away. */
export function LinkButton({ editor, disabled }: { editor: Editor | null; disabled: boolean }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const active = useEditorState({ editor, selector: ({ editor }) => editor?.isActive("link") ?? false });

  const open = (): void => {
    setText((editor?.getAttributes("link").href as string | undefined) ?? "");
    setWrong(false);
    setOpened(true);
  };
  const close = (): void => {
    setOpened(false);
    editor?.commands.focus();
  };
  const keep = (): void => {
    const href = asUrl(text);
    if (!href) {
      setWrong(true);
      return;
    }
    const chain = editor?.chain().focus().extendMarkRange("link");
    if (editor?.state.selection.empty && !active) {
      chain
        ?.insertContent({ type: "text", text: text.trim(), marks: [{ type: "link", attrs: { href } }] })
        .run();
    } else {
      chain?.setLink({ href }).run();
    }
    close();
  };
  const remove = (): void => {
    editor?.chain().focus().extendMarkRange("link").unsetLink().run();
    close();
  };

  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={320} trapFocus>
      <Popover.Target>
        <Tooltip label={t("compose.toolbar.link")}>
          <ActionIcon
            disabled={disabled}
            aria-label={t("compose.toolbar.link")}
            aria-pressed={active ?? false}
            onClick={open}
          >
            <IconLink size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown onKeyDown={(event) => event.key === "Escape" && event.preventDefault()}>
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            keep();
          }}
        >
          <TextInput
            data-autofocus
            inputMode="url"
            label={t("compose.link.address")}
            placeholder="https://"
            value={text}
            error={wrong && t("compose.link.wrong")}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes.buttons}>
            {active && (
              <Button size="xs" variant="subtle" color="coral" onClick={remove}>
                {t("compose.link.remove")}
              </Button>
            )}
            <Button size="xs" type="submit">
              {t("compose.link.keep")}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

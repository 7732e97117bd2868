import { ActionIcon, Button, FileButton, Tooltip } from "@mantine/core";
import {
  IconBlockquote,
  IconBold,
  IconBraces,
  IconItalic,
  IconList,
  IconListNumbers,
  IconPaperclip,
  IconPhoto,
} from "@tabler/icons-react";
import { type Editor, useEditorState } from "@tiptap/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "./LinkButton";
import classes from "./Toolbar.module.css";

type Props = {
  editor: Editor | null;
  disabled: boolean;
  onField: () => void;
  onFiles: (files: File[]) => void;
  onImages: (images: File[]) => void;
  children: ReactNode;
};

const marks = [
  { name: "bold", icon: IconBold, run: (editor: Editor) => editor.chain().focus().toggleBold().run() },
  { name: "italic", icon: IconItalic, run: (editor: Editor) => editor.chain().focus().toggleItalic().run() },
] as const;

const blocks = [
  {
    name: "bulletList",
    icon: IconList,
    run: (editor: Editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    name: "orderedList",
    icon: IconListNumbers,
    run: (editor: Editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    name: "blockquote",
    icon: IconBlockquote,
    run: (editor: Editor) => editor.chain().focus().toggleBlockquote().run(),
  },
] as const;

/** What can be done to the words, and what can be put among them. */
export function Toolbar({ editor, disabled, onField, onFiles, onImages, children }: Props) {
  const { t } = useTranslation();
  const active = useEditorState({
    editor,
    selector: ({ editor }) =>
      Object.fromEntries([...marks, ...blocks].map(({ name }) => [name, editor?.isActive(name) ?? false])),
  });
  const off = disabled || editor === null;

  const toggle = ({ name, icon: Icon, run }: (typeof marks)[number] | (typeof blocks)[number]) => (
    <Tooltip key={name} label={t(`compose.toolbar.${name}`)}>
      <ActionIcon
        disabled={off}
        aria-label={t(`compose.toolbar.${name}`)}
        aria-pressed={active?.[name] ?? false}
        className={classes.tool}
        onClick={() => editor && run(editor)}
      >
        <Icon size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );

  return (
    <div className={classes.bar} role="toolbar" aria-label={t("compose.toolbar.title")}>
      <div className={classes.tools}>
        {marks.map(toggle)}
        <LinkButton editor={editor} disabled={off} />
        {blocks.map(toggle)}
        <span className={classes.rule} />
        <Tooltip label={t("compose.toolbar.fieldHint")}>
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            disabled={off}
            leftSection={<IconBraces stroke={1.6} />}
            onClick={onField}
          >
            {t("compose.toolbar.field")}
          </Button>
        </Tooltip>
        <FileButton onChange={onFiles} multiple resetRef={undefined}>
          {(props) => (
            <Tooltip label={t("compose.toolbar.attach")}>
              <ActionIcon {...props} disabled={disabled} aria-label={t("compose.toolbar.attach")}>
                <IconPaperclip size={16} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          )}
        </FileButton>
        <FileButton onChange={onImages} multiple accept="image/png,image/jpeg,image/gif,image/webp">
          {(props) => (
            <Tooltip label={t("compose.toolbar.image")}>
              <ActionIcon {...props} disabled={off} aria-label={t("compose.toolbar.image")}>
                <IconPhoto size={16} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          )}
        </FileButton>
      </div>
      <div className={classes.switches}>{children}</div>
    </div>
  );
}

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBold, IconItalic } from "@tabler/icons-react";
import { EditorContent, useEditor, useEditorState } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "../../compose/editor/LinkButton";
import classes from "./SignatureEditor.module.css";

type Props = { label?: string; html: string; error?: string | undefined; onChange: (html: string) => void };

/** A few lines that stand under messages: a signature, unless they are called something else. */
export function SignatureEditor({ label: name, html, error, onChange }: Props) {
  const { t } = useTranslation();
  const label = useId();
  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        heading: false,
        codeBlock: false,
        blockquote: false,
        link: { openOnClick: false },
      }),
    ],
    content: html,
    onUpdate: ({ editor }) => onChange(editor.isEmpty ? "" : editor.getHTML()),
    editorProps: {
      attributes: {
        class: classes.text ?? "",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label,
      },
    },
  });
  const active = useEditorState({
    editor,
    selector: ({ editor }) => ({ bold: editor?.isActive("bold"), italic: editor?.isActive("italic") }),
  });
  return (
    <div>
      <div id={label} className={classes.label}>
        {name ?? t("settings.identities.signature")}
      </div>
      <div className={classes.frame} data-wrong={error !== undefined || undefined}>
        <EditorContent editor={editor} />
        <div className={classes.bar} role="toolbar" aria-label={t("compose.toolbar.title")}>
          <Tooltip label={t("compose.toolbar.bold")}>
            <ActionIcon
              aria-label={t("compose.toolbar.bold")}
              aria-pressed={active?.bold ?? false}
              onClick={() => editor?.chain().focus().toggleBold().run()}
            >
              <IconBold size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t("compose.toolbar.italic")}>
            <ActionIcon
              aria-label={t("compose.toolbar.italic")}
              aria-pressed={active?.italic ?? false}
              onClick={() => editor?.chain().focus().toggleItalic().run()}
            >
              <IconItalic size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <LinkButton editor={editor} disabled={false} />
        </div>
      </div>
      {error && <div className={classes.error}>{error}</div>}
    </div>
  );
}

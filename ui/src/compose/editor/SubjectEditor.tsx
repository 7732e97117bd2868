import { type Editor, EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useRef } from "react";
import { FieldLayer, openClickedChip } from "../fields/FieldLayer";
import { splitText } from "../fields/source";
import classes from "./Editor.module.css";
import { subjectExtensions } from "./extensions";

type Props = {
  text: string;
  label: string;
  placeholder: string;
  onChange: (text: string) => void;
  onEnter: () => void;
  onFocus: (editor: Editor) => void;
  onReady: (editor: Editor | null) => void;
};

/** One line of words and fields. What goes in and out is text, with fields as `{{…}}`. */
export function SubjectEditor({ text, label, placeholder, onChange, onEnter, onFocus, onReady }: Props) {
  const latest = useRef({ onChange, onEnter });
  const own = useRef<Editor | null>(null);
  useEffect(() => {
    latest.current = { onChange, onEnter };
  });

  const editor = useEditor({
    extensions: subjectExtensions(placeholder),
    content: asDocument(text),
    onUpdate: ({ editor }) => latest.current.onChange(editor.getText({ blockSeparator: " " })),
    onFocus: ({ editor }) => onFocus(editor),
    editorProps: {
      attributes: { class: classes.subject ?? "", role: "textbox", "aria-label": label },
      handleClickOn: (_view, _at, node, position) => openClickedChip(own.current, node.type.name, position),
      handleKeyDown: (_view, event) => {
        if (event.key !== "Enter" || event.isComposing) return false;
        latest.current.onEnter();
        return true;
      },
    },
  });

  useEffect(() => {
    own.current = editor;
    onReady(editor);
    return () => onReady(null);
  }, [editor, onReady]);

  return (
    <>
      <EditorContent editor={editor} />
      {editor && <FieldLayer editor={editor} />}
    </>
  );
}

function asDocument(text: string) {
  const content = splitText(text).map((part) =>
    typeof part === "string" ? { type: "text", text: part } : { type: "field", attrs: part },
  );
  return { type: "doc", content: [{ type: "paragraph", content }] };
}

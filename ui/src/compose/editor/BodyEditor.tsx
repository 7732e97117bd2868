import { type Editor, EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { FieldLayer, openClickedChip } from "../fields/FieldLayer";
import { fromChips, toChips } from "../fields/source";
import classes from "./Editor.module.css";
import { bodyExtensions } from "./extensions";
import { imagesOf } from "./images";
import { unsafeKinds } from "./unsafe";

type Props = {
  html: string;
  label: string;
  placeholder: string;
  onChange: (html: string) => void;
  onImages: (images: File[]) => void;
  onUnsafe: (kinds: string[]) => void;
  onReady: (editor: Editor | null) => void;
};

/** Where the words are written. What goes in and out is stored HTML, with fields as `{{…}}` text. */
export function BodyEditor({ html, label, placeholder, onChange, onImages, onUnsafe, onReady }: Props) {
  const { i18n } = useTranslation();
  const latest = useRef({ onChange, onImages, onUnsafe });
  const own = useRef<Editor | null>(null);
  useEffect(() => {
    latest.current = { onChange, onImages, onUnsafe };
  });

  const editor = useEditor({
    extensions: bodyExtensions(placeholder),
    content: toChips(html),
    onUpdate: ({ editor }) => latest.current.onChange(editor.isEmpty ? "" : fromChips(editor.getHTML())),
    editorProps: {
      attributes: {
        class: classes.body ?? "",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label,
        lang: i18n.language,
      },
      transformPastedHTML: (pasted) => {
        latest.current.onUnsafe(unsafeKinds(pasted));
        return toChips(pasted);
      },
      handleClickOn: (_view, _at, node, position) => openClickedChip(own.current, node.type.name, position),
      handlePaste: (_view, event) => takeImages(event.clipboardData),
      handleDrop: (_view, event) => takeImages(event.dataTransfer),
    },
  });

  function takeImages(data: DataTransfer | null): boolean {
    const images = imagesOf(data);
    if (images.length > 0) latest.current.onImages(images);
    return images.length > 0;
  }

  useEffect(() => {
    own.current = editor;
    onReady(editor);
    return () => onReady(null);
  }, [editor, onReady]);

  return (
    <>
      <EditorContent editor={editor} className={classes.frame} />
      {editor && <FieldLayer editor={editor} />}
    </>
  );
}

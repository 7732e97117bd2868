import { Node } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import Placeholder from "@tiptap/extension-placeholder";
import StarterKit from "@tiptap/starter-kit";
import { FieldNode } from "../fields/node";

/** What a body may hold: the same things that the server keeps. */
export function bodyExtensions(placeholder: string) {
  return [
    StarterKit.configure({
      codeBlock: false,
      link: { openOnClick: false, autolink: true, defaultProtocol: "https" },
    }),
    Image.configure({ allowBase64: false }),
    Placeholder.configure({ placeholder }),
    FieldNode,
  ];
}

const OneLine = Node.create({ name: "doc", topNode: true, content: "paragraph" });

/** A subject is one line of words and fields. */
export function subjectExtensions(placeholder: string) {
  return [
    OneLine,
    StarterKit.configure({
      document: false,
      blockquote: false,
      bold: false,
      bulletList: false,
      code: false,
      codeBlock: false,
      dropcursor: false,
      gapcursor: false,
      hardBreak: false,
      heading: false,
      horizontalRule: false,
      italic: false,
      link: false,
      listItem: false,
      listKeymap: false,
      orderedList: false,
      strike: false,
      trailingNode: false,
      underline: false,
    }),
    Placeholder.configure({ placeholder }),
    FieldNode,
  ];
}

import { mergeAttributes, Node, nodeInputRule, nodePasteRule } from "@tiptap/core";
import classes from "./Chip.module.css";
import { labelOf } from "./labels";
import { chipAttributes, type Field, fieldSource, parseField } from "./source";

/** What the menus of an editor do when the node asks for them. */
export type FieldMenus = {
  /** Somebody pressed `{` or the button: offer the fields. */
  openMenu: (() => void) | null;
  /** Somebody chose a chip. */
  openChip: ((position: number) => void) | null;
};

declare module "@tiptap/core" {
  interface Storage {
    field: FieldMenus;
  }
}

const TYPED = /\{\{[^{}]*\}\}$/u;
const PASTED = /\{\{[^{}]*\}\}/gu;

/** A dynamic field in the text: one unbreakable chip, stored as `{{name}}`. */
export const FieldNode = Node.create<object, FieldMenus>({
  name: "field",
  group: "inline",
  inline: true,
  atom: true,

  addStorage: () => ({ openMenu: null, openChip: null }),

  addAttributes: () => ({
    name: { default: "", parseHTML: (element) => element.getAttribute("data-field") ?? "", rendered: false },
    fallback: {
      default: null,
      parseHTML: (element) => element.getAttribute("data-fallback"),
      rendered: false,
    },
    filters: {
      default: "",
      parseHTML: (element) => element.getAttribute("data-filters") ?? "",
      rendered: false,
    },
  }),

  parseHTML: () => [{ tag: "span[data-field]" }],

  renderHTML({ node, HTMLAttributes }) {
    const field = node.attrs as Field;
    const look = { class: classes.chip, title: fieldSource(field) };
    return ["span", mergeAttributes(HTMLAttributes, look, chipAttributes(field)), labelOf(field.name)];
  },

  renderText: ({ node }) => fieldSource(node.attrs as Field),

  addInputRules() {
    return [
      nodeInputRule({
        find: TYPED,
        type: this.type,
        getAttributes: (match) => parseField(match[0]) ?? false,
      }),
    ];
  },

  addPasteRules() {
    return [
      nodePasteRule({
        find: PASTED,
        type: this.type,
        getAttributes: (match) => parseField(match[0]) ?? false,
      }),
    ];
  },

  addKeyboardShortcuts() {
    return {
      "{": () => {
        this.storage.openMenu?.();
        return this.storage.openMenu !== null;
      },
      Enter: ({ editor }) => {
        const { selection } = editor.state;
        if (editor.state.doc.nodeAt(selection.from)?.type.name !== "field" || selection.empty) return false;
        this.storage.openChip?.(selection.from);
        return true;
      },
    };
  },
});

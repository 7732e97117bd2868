import type { Editor } from "@tiptap/react";
import { useEffect, useState } from "react";
import { ChipPopover } from "./ChipPopover";
import { FieldMenu } from "./FieldMenu";

type Open = { kind: "menu" } | { kind: "chip"; position: number } | null;

/** The two pop-overs that an editor with fields needs. */
export function FieldLayer({ editor }: { editor: Editor }) {
  const [open, setOpen] = useState<Open>(null);

  useEffect(() => {
    const menus = editor.storage.field;
    menus.openMenu = () => setOpen({ kind: "menu" });
    menus.openChip = (position) => setOpen({ kind: "chip", position });
    return () => {
      menus.openMenu = null;
      menus.openChip = null;
    };
  }, [editor]);

  if (open?.kind === "menu") return <FieldMenu editor={editor} onClose={() => setOpen(null)} />;
  if (open?.kind === "chip")
    return (
      <ChipPopover
        key={open.position}
        editor={editor}
        position={open.position}
        onClose={() => setOpen(null)}
      />
    );
  return null;
}

/** Opens the chip that was clicked; for the `handleClickOn` of an editor. */
export function openClickedChip(editor: Editor | null, name: string, position: number): boolean {
  if (name !== "field") return false;
  editor?.storage.field.openChip?.(position);
  return true;
}

import type { Editor } from "@tiptap/react";
import type { Ref } from "react";

type Rect = { left: number; top: number; height: number };

/** An invisible point of the page that a pop-over can hang on. */
export function Anchor({ rect, ref }: { rect: Rect; ref?: Ref<HTMLSpanElement> }) {
  const style = { position: "fixed", left: rect.left, top: rect.top, width: 1, height: rect.height } as const;
  return <span ref={ref} style={style} />;
}

/** Where the cursor of the editor stands on the page. */
export function caretRect(editor: Editor, position = editor.state.selection.from): Rect {
  const { left, top, bottom } = editor.view.coordsAtPos(position);
  return { left, top, height: bottom - top };
}

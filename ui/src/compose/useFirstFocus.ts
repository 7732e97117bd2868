import type { Editor } from "@tiptap/react";
import { type RefObject, useEffect, useRef } from "react";
import type { DraftContent } from "./content";

type Places = {
  content: DraftContent;
  toInput: RefObject<HTMLInputElement | null>;
  subject: Editor | null;
  body: Editor | null;
  minimised: boolean;
};

/** Puts the cursor into the first place that is still empty, when the window opens and when it comes back. */
export function useFirstFocus({ content, toInput, subject, body, minimised }: Places): void {
  const latest = useRef(content);
  useEffect(() => {
    latest.current = content;
  });
  const ready = subject !== null && body !== null && !minimised;
  const places = useRef({ subject, body });
  places.current = { subject, body };
  useEffect(() => {
    if (!ready) return;
    // After the focus trap of a whole-screen window has done its work.
    const timer = setTimeout(() => {
      if (!latest.current.to) toInput.current?.focus();
      else if (latest.current.subject === "") places.current.subject?.commands.focus("end");
      else places.current.body?.commands.focus("start");
    }, 30);
    return () => clearTimeout(timer);
  }, [ready, toInput]);
}

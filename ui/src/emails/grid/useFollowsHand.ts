import { type FocusEvent, type PointerEvent, useRef, useState } from "react";

/** A moment of grace, so that leaving the list on the way to a button of a row changes nothing. */
const grace = 600;

/** Whether the pointer or the keyboard's cursor is in the list. */
export function useFollowsHand() {
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);

  return {
    inList: pointer || focus,
    handlers: {
      onPointerEnter: (event: PointerEvent) => {
        if (event.pointerType !== "mouse") return;
        clearTimeout(leaving.current);
        setPointer(true);
      },
      onPointerLeave: () => {
        clearTimeout(leaving.current);
        leaving.current = setTimeout(() => setPointer(false), grace);
      },
      onFocus: () => setFocus(true),
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocus(false);
      },
    },
  };
}

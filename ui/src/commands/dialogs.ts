import { useSyncExternalStore } from "react";

type Dialog = "palette" | "keys" | null;

const listeners = new Set<() => void>();
let open: Dialog = null;

/** Opens the palette or the sheet of keys, or closes what is open. */
export function showDialog(dialog: Dialog): void {
  open = dialog;
  for (const listener of listeners) listener();
}

export function useDialog(): Dialog {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}

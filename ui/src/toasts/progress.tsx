import { notifications } from "@mantine/notifications";
import { ProgressToast } from "./ProgressToast";
import { dropOffer, offer } from "./undo";

/** Something that takes a while, as the page shows it. */
export type Progress = {
  /** How far it is. */
  show: (message: string, done: number, total: number) => void;
  /** Whether somebody cancelled it, by the button or by Z. */
  isCancelled: () => boolean;
  end: () => void;
};

/** What is over sooner needs no progress. */
const patience = 300;

/** Shows that something is being done, and offers to cancel it. Who leaves the page meanwhile is asked first. */
export function beginProgress(): Progress {
  let cancelled = false;
  const cancelling = offer({
    until: null,
    undo: async () => {
      cancelled = true;
    },
  });
  const toast = { id: cancelling.id, autoClose: false, withCloseButton: false, role: "status" } as const;
  let message = <></>;
  let shown = false;
  const timer = window.setTimeout(() => {
    if (cancelled) return;
    shown = true;
    notifications.show({ ...toast, message });
  }, patience);
  window.addEventListener("beforeunload", askFirst);
  return {
    show: (words, done, total) => {
      message = <ProgressToast offer={cancelling} message={words} done={done} total={total} />;
      if (shown && !cancelled) notifications.update({ ...toast, message });
    },
    isCancelled: () => cancelled,
    end: () => {
      window.clearTimeout(timer);
      window.removeEventListener("beforeunload", askFirst);
      dropOffer(cancelling.id);
      notifications.hide(cancelling.id);
    },
  };
}

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

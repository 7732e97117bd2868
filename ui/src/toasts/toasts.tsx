import { notifications } from "@mantine/notifications";
import { sayProblem } from "../api/words";
import { UndoToast } from "./UndoToast";
import { dropOffer, type Offer, offer } from "./undo";

const usualTime = 10_000;

/** Says what was done. */
export function say(message: string): void {
  notifications.show({ message, autoClose: 5000, withCloseButton: false });
}

/** Says what could not be done, in the words of the catalogue. */
export function sayError(error: unknown): void {
  notifications.show({ message: sayProblem(error), autoClose: usualTime, color: "coral", role: "alert" });
}

type UndoOffer = {
  message: string;
  /** The server's own deadline for a send, which does not pause; 10 seconds without one. */
  deadline?: string | null;
  /** The one email that leaves at the deadline. */
  emailId?: string | undefined;
  undo: () => Promise<void>;
};

/** Says what was done and offers to take it back, by the button or by Z. */
export function sayWithUndo({ message, deadline, emailId, undo }: UndoOffer): void {
  const until = deadline ? Date.parse(deadline) : null;
  // Without a window nothing can be taken back, but that it was done is said all the same.
  if (until !== null && until <= Date.now()) {
    say(message);
    return;
  }
  const made: Offer = offer({ until, undo, emailId });
  notifications.show({
    id: made.id,
    message: <UndoToast offer={made} message={message} />,
    autoClose: until === null ? usualTime : false,
    withCloseButton: false,
    onClose: () => dropOffer(made.id),
  });
}

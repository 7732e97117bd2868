import { queryClient } from "../api/queries";
import { refreshEmails } from "../emails/cache";
import { undoParts } from "../emails/undoing";
import { i18next } from "../i18n";
import { sayError, sayWithUndo } from "../toasts/toasts";
import { unsubscribePerson } from "./api";

/** Unsubscribes somebody by hand, and offers to take it back. */
export async function unsubscribe(person: { id: string; name: string }, email: string | null): Promise<void> {
  try {
    const { id } = await unsubscribePerson(person.id, email);
    sayWithUndo({
      message: i18next.t("stops.unsubscribed", { name: person.name }),
      undo: async () => {
        if (id) await undoParts([{ id, count: 1 }]);
        await refreshStops();
      },
    });
  } catch (error) {
    sayError(error);
  }
  await refreshStops();
}

/** Asks again for everything that shows who may be mailed. */
export async function refreshStops(): Promise<void> {
  await Promise.all([queryClient.invalidateQueries({ queryKey: ["stops"] }), refreshEmails()]);
}

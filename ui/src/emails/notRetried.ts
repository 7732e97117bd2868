import type { EmailRow } from "../api/types";
import { i18next } from "../i18n";
import { say } from "../toasts/toasts";
import { waitsForIdentity } from "./mending";
import { saySkipped } from "./skipped";
import { sayFailure } from "./words";

/** Says why emails are not sent again, though somebody pressed the key for it. */
export function sayNotRetried(rows: EmailRow[]): void {
  const [first] = rows;
  if (first !== undefined && rows.length === 1) {
    const { text, held } = sayFailure(first);
    say(held ?? text);
    return;
  }
  const stopped = rows.filter(waitsForIdentity);
  const held = rows.filter(({ failure }) => failure?.held_back != null);
  saySkipped(stopped.map(() => ({ reason: "identity" })));
  saySkipped(held.map(() => ({ reason: "held_back" })));
  const count = rows.length - stopped.length - held.length;
  if (count > 0) say(i18next.t("emails.retryHelpsNone", { count }));
}

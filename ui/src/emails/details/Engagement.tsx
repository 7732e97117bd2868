import { useTranslation } from "react-i18next";
import type { EmailDetails, EmailEvent } from "../../api/types";
import { i18next } from "../../i18n";
import classes from "./Details.module.css";

/** All views and clicks, machines and one's own included, and who the machines were. */
export function Engagement({ email }: { email: EmailDetails }) {
  const { t } = useTranslation();
  const { views, views_automatic, views_self, clicks, clicks_automatic } = email.activity;
  const lines = [
    line("views", views + views_automatic + views_self, views_automatic, machinesOf(email.events, "viewed")),
    line("clicks", clicks + clicks_automatic, clicks_automatic, machinesOf(email.events, "clicked")),
    views_self > 0 && t("emails.visits.own", { count: views_self }),
  ].filter(Boolean);
  return lines.length > 0 && <p className={classes.engagement}>{lines.join(" · ")}</p>;
}

function line(what: "views" | "clicks", count: number, automatic: number, machines: string): string | null {
  const { t } = i18next;
  if (count === 0) return null;
  if (automatic === 0) return t(`emails.visits.${what}`, { count });
  if (machines === "") return t(`emails.visits.${what}Automatic`, { count, automatic });
  return t(`emails.visits.${what}AutomaticBy`, { count, automatic, machines });
}

/** Who they were, those first that came most. */
function machinesOf(events: EmailEvent[], kind: "viewed" | "clicked"): string {
  const times = new Map<string, number>();
  for (const { data } of events.filter((event) => event.kind === kind)) {
    const key = `emails.machines.${data.why}`;
    if ((data.verdict !== "machine" && data.verdict !== "unknown") || !i18next.exists(key)) continue;
    const name = String(i18next.t(key as never));
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const names = [...times].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return new Intl.ListFormat(i18next.language).format(names);
}

import { useSession } from "../session/session";
import { locale } from "../times/format";

/** Says a day, or a day and a time, in the user's zone: "15 Apr 2026". */
export function useDay(withTime = false): (at: string) => string {
  const { user } = useSession();
  const format = new Intl.DateTimeFormat(locale(), {
    timeZone: user.time_zone,
    day: "numeric",
    month: "short",
    year: "numeric",
    ...(withTime && { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  });
  return (at) => format.format(new Date(at));
}

import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { locale } from "../../times/format";
import classes from "./MonthGrid.module.css";
import { dayNumber, firstDayOf, weeksOf } from "./month";
import { plusDays, type WallTime } from "./zoned";

type Props = { chosen: WallTime; today: WallTime; onChoose: (day: WallTime) => void };

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** A month to choose a day from; arrows move, days gone by cannot be chosen. */
export function MonthGrid({ chosen, today, onChoose }: Props) {
  const { t } = useTranslation();
  const [shown, setShown] = useState({ year: chosen.year, month: chosen.month });
  const grid = useRef<HTMLTableElement>(null);
  const weeks = weeksOf(shown.year, shown.month, firstDayOf(locale()));
  const name = (day: WallTime, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale(), { timeZone: "UTC", ...options }).format(
      Date.UTC(day.year, day.month - 1, day.day),
    );
  const turn = (months: number): void => {
    const first = plusDays({ ...chosen, ...shown, day: 1 }, months > 0 ? 31 : -1);
    setShown({ year: first.year, month: first.month });
  };
  const choose = (day: WallTime): void => {
    if (dayNumber(day) < dayNumber(today)) return;
    setShown({ year: day.year, month: day.month });
    onChoose(day);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    choose(plusDays(chosen, step));
    setTimeout(() => grid.current?.querySelector<HTMLElement>('button[aria-pressed="true"]')?.focus());
  };

  return (
    <div className={classes.month}>
      <div className={classes.head}>
        <b aria-live="polite">{name({ ...chosen, ...shown, day: 1 }, { month: "long", year: "numeric" })}</b>
        <ActionIcon aria-label={t("compose.schedule.earlierMonth")} onClick={() => turn(-1)}>
          <IconChevronLeft size={16} stroke={1.6} />
        </ActionIcon>
        <ActionIcon aria-label={t("compose.schedule.laterMonth")} onClick={() => turn(1)}>
          <IconChevronRight size={16} stroke={1.6} />
        </ActionIcon>
      </div>
      <table ref={grid} className={classes.grid} aria-label={t("compose.schedule.day")} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day.day} scope="col" abbr={name(day, { weekday: "long" })}>
                {name(day, { weekday: "short" }).slice(0, 2)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={dayNumber(week[0] ?? chosen)}>
              {week.map((day) => {
                const selected = dayNumber(day) === dayNumber(chosen);
                return (
                  <td key={dayNumber(day)}>
                    <button
                      type="button"
                      aria-pressed={selected}
                      tabIndex={selected ? 0 : -1}
                      disabled={dayNumber(day) < dayNumber(today)}
                      data-out={day.month !== shown.month || undefined}
                      data-today={dayNumber(day) === dayNumber(today) || undefined}
                      aria-label={name(day, { weekday: "long", day: "numeric", month: "long" })}
                      onClick={() => choose(day)}
                    >
                      {day.day}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

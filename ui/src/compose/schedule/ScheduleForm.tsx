import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Keys } from "../../commands/Keys";
import { useNow } from "../../times/now";
import { MonthGrid } from "./MonthGrid";
import { formatTime, parseTime } from "./month";
import { type Preset, presets } from "./presets";
import classes from "./ScheduleForm.module.css";
import { longTime, sayPreset, shortTime, yourTime } from "./say";
import { cityOf, toInstant, toWall } from "./zoned";
import { zoneChoices } from "./zones";

type Props = {
  yourZone: string;
  recipient: { zone: string; name: string } | null;
  busy: boolean;
  onConfirm: (at: Date, said: string) => void;
};

/** When the email goes: three likely times, or any day, time and zone. One confirmation, which says it all. */
export function ScheduleForm({ yourZone, recipient, busy, onConfirm }: Props) {
  const { t } = useTranslation();
  const now = new Date(useNow(30_000));
  const theirZone = recipient?.zone ?? yourZone;
  const [offers] = useState(() => presets(now, theirZone));
  const [zone, setZone] = useState(theirZone);
  const [day, setDay] = useState(() => toWall(offers[0]?.at ?? now, theirZone));
  const [typed, setTyped] = useState(formatTime(day));
  const [jumps, setJumps] = useState(0);
  const [zones] = useState(() => zoneChoices(yourZone, recipient));

  const time = parseTime(typed);
  const at = time && toInstant({ ...day, ...time }, zone);
  const past = at !== null && at <= now;
  const said = at ? t("compose.schedule.summary", { time: longTime(at, zone, now), city: cityOf(zone) }) : "";
  const city = theirZone === yourZone ? null : cityOf(theirZone);

  const take = (preset: Preset): void => {
    const wall = toWall(preset.at, preset.zone);
    setZone(preset.zone);
    setDay(wall);
    setTyped(formatTime(wall));
    setJumps(jumps + 1);
  };
  const confirm = (): void => {
    if (at && !past) onConfirm(at, said);
  };

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
    >
      <div className={classes.presets}>
        {offers.map((preset) => (
          <button
            key={preset.kind}
            type="button"
            className={classes.preset}
            aria-pressed={at?.getTime() === preset.at.getTime()}
            onClick={() => take(preset)}
          >
            <span>{sayPreset(preset, city)}</span>
            <span>{shortTime(preset.at, preset.kind === "in_one_hour" ? yourZone : preset.zone, now)}</span>
          </button>
        ))}
      </div>
      <MonthGrid
        key={jumps}
        chosen={day}
        today={toWall(now, zone)}
        onChoose={(chosen) => setDay({ ...day, year: chosen.year, month: chosen.month, day: chosen.day })}
      />
      <div className={classes.when}>
        <TextInput
          className={classes.time}
          aria-label={t("compose.schedule.time")}
          value={typed}
          error={time === null}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => time && setTyped(formatTime(time))}
        />
        <Select
          className={classes.zone}
          aria-label={t("compose.schedule.zone")}
          data={zones}
          value={zone}
          searchable
          allowDeselect={false}
          comboboxProps={{ withinPortal: true, zIndex: 500, shadow: "lg", width: 280, position: "top-end" }}
          maxDropdownHeight={260}
          onChange={(chosen) => chosen && setZone(chosen)}
        />
      </div>
      <div className={classes.summary} aria-live="polite">
        {at && !past ? (
          <>
            <b>{said}</b>
            {zone !== yourZone && <span>{yourTime(at, yourZone, zone)}</span>}
          </>
        ) : (
          <b data-wrong="">{t(past ? "compose.schedule.past" : "compose.schedule.noTime")}</b>
        )}
      </div>
      <Button
        type="submit"
        fullWidth
        loading={busy}
        disabled={!at || past}
        rightSection={<Keys of="enter" tone="filled" />}
      >
        {at && !past
          ? t("compose.schedule.confirm", { time: shortTime(at, zone, now) })
          : t("compose.schedule.confirmNothing")}
      </Button>
    </form>
  );
}

import { i18next } from "../../i18n";
import { allZones, type ZoneOption } from "../../times/zones";
import { cityOf } from "./zoned";

export type ZoneGroup = { group: string; items: ZoneOption[] };

/** The zones worth offering first, the recipient's and one's own, then all. */
export function zoneChoices(yours: string, theirs: { zone: string; name: string } | null): ZoneGroup[] {
  const own = { value: yours, label: i18next.t("compose.schedule.yourZone", { city: cityOf(yours) }) };
  const other =
    theirs && theirs.zone !== yours
      ? [
          {
            value: theirs.zone,
            label: i18next.t("compose.schedule.theirZone", { city: cityOf(theirs.zone), name: theirs.name }),
          },
        ]
      : [];
  const first = [...other, own];
  return [
    { group: i18next.t("compose.schedule.likely"), items: first },
    {
      group: i18next.t("compose.schedule.allZones"),
      items: allZones().filter(({ value }) => !first.some((one) => one.value === value)),
    },
  ];
}

export type ZoneOption = { value: string; label: string };

/** Every IANA zone, readable: "Europe / Rome". */
export function allZones(): ZoneOption[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")].map((zone) => ({
    value: zone,
    label: zone.replaceAll("_", " ").replaceAll("/", " / "),
  }));
}

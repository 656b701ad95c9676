/** Lists the time zones that a form offers, each with the name that people use, its IANA name and how far it is from UTC: a search finds it by any of them. */
import { serverClock } from "@lectern/player/server-clock";
import { zoneName } from "./zone-name.ts";

type ZoneOption = { readonly value: string; readonly label: string };

/** Of the language that was asked for last: the names of all zones take a tenth of a second. */
let known: { readonly language: string; readonly options: readonly ZoneOption[] } | null = null;

/** @param chosen it is offered too, where the browser knows it by another name. With the zone of the browser it comes first */
export function zoneOptions(chosen: string, language: string): readonly ZoneOption[] {
  if (known?.language !== language) known = { language, options: allZones().map((zone) => optionOf(zone, language)) };
  const { options } = known;
  if (chosen === "") return options;
  const first = options.find(({ value }) => value === chosen) ?? optionOf(chosen, language);
  return [first, ...options.filter((one) => one !== first)];
}

/** The one of the browser first. */
function allZones(): readonly string[] {
  const { timeZone: own } = new Intl.DateTimeFormat().resolvedOptions();
  return [...new Set([own, "UTC", ...Intl.supportedValuesOf("timeZone")])];
}

function optionOf(value: string, language: string): ZoneOption {
  return { value, label: zoneLabel(value, language) };
}

/** "China Time · Asia/Shanghai · GMT+8". */
function zoneLabel(zone: string, language: string): string {
  const place = zone.replaceAll("_", " ");
  const name = zoneName(zone, language);
  return [...(name === zone ? [] : [name]), place, ...offsetOf(zone)].join(" · ");
}

/** None of a zone that the browser does not know. */
function offsetOf(zone: string): readonly string[] {
  try {
    const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" });
    return format
      .formatToParts(serverClock.now())
      .filter(({ type }) => type === "timeZoneName")
      .map(({ value }) => value);
  } catch {
    return [];
  }
}

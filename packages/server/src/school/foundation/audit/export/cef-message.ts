/** Writes audit entries in ArcSight's Common Event Format, version 0. It is UTF-8 without a mark: readers look for `CEF:` at the beginning. */
import { isIPv6 } from "node:net";
import { type ExportedEntry, isLook, oneLine, stateText } from "./exported-entry.ts";

/** 0 to 10. */
const OF_CHANGE = 5;
const OF_LOOK = 3;

export function cefMessage(entry: ExportedEntry, version: string): string {
  const severity = isLook(entry) ? OF_LOOK : OF_CHANGE;
  const head = ["Lectern", "Lectern", version, entry.action, entry.action, String(severity)].map(headField);
  const extension = Object.entries({
    rt: String(entry.at.getTime()),
    externalId: entry.id,
    act: entry.action,
    suid: entry.actor_id,
    suser: entry.actor_name,
    spriv: entry.actor_kind,
    ...address(entry.ip),
    ...labelled(1, "school", entry.school_id),
    ...labelled(2, "targetKind", entry.target_kind),
    ...labelled(3, "targetId", entry.target_id),
    ...labelled(4, "before", stateText(entry.before)),
    ...labelled(5, "after", stateText(entry.after)),
  }).flatMap(([key, value]) => (value === null || value === "" ? [] : [`${key}=${extensionValue(value)}`]));
  return `CEF:0|${head.join("|")}|${extension.join(" ")}`;
}

/** `src` is an IPv4 address. */
function address(ip: string): Readonly<Record<string, string>> {
  return isIPv6(ip) ? { c6a2Label: "Source IPv6 Address", c6a2: ip } : { src: ip };
}

function labelled(number: number, label: string, value: string | null): Readonly<Record<string, string>> {
  return value === null ? {} : { [`cs${number}Label`]: label, [`cs${number}`]: value };
}

function headField(value: string): string {
  return oneLine(value).replace(/[\\|]/g, (letter) => `\\${letter}`);
}

function extensionValue(value: string): string {
  const escaped = value
    .replace(/[\\=]/g, (letter) => `\\${letter}`)
    .replace(/\r/g, "\\r")
    .replace(/\n/g, "\\n");
  return oneLine(escaped);
}

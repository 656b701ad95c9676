/**
 * Writes audit entries as syslog messages (RFC 5424), from whichever format the receiver reads: structured data with a sentence, ArcSight's Common Event Format, or
 * JSON. What people have entered can neither end a message nor a field.
 */
import type { AuditSettings } from "../../../../platform/config/audit-schema.ts";
import { cefMessage } from "./cef-message.ts";
import { type ExportedEntry, isLong, isLook, oneLine, stateText } from "./exported-entry.ts";

export type Sender = {
  /** The name of this machine. */
  readonly host: string;
  /** Of Lectern. */
  readonly version: string;
};

/** RFC 5424 section 6.2.1: log audit. */
const FACILITY = 13;
const NOTICE = 5;
const INFORMATIONAL = 6;
/** Section 7: the name of an enterprise's own data has its number; 32473 is for those that have none (RFC 5612). */
const SD_ID = "lectern@32473";
/** Section 6.4: a message in UTF-8 begins with it. */
const BOM = "\uFEFF";
/** @param format `audit.syslog.format` */
export function syslogMessage(entry: ExportedEntry, format: AuditSettings["syslog"]["format"], sender: Sender): Buffer {
  const priority = FACILITY * 8 + (isLook(entry) ? INFORMATIONAL : NOTICE);
  const head = `<${priority}>1 ${entry.at.toISOString()} ${asciiName(sender.host, 255)} lectern - ${asciiName(entry.action, 32)}`;
  const body = { rfc5424: structured, cef: () => `- ${cefMessage(entry, sender.version)}`, json: () => `- ${asciiJson(entry)}` };
  return Buffer.from(`${head} ${body[format](entry)}`);
}

function structured(entry: ExportedEntry): string {
  const { actor_name, action, target_kind, target_id } = entry;
  const parameters = Object.entries({
    id: entry.id,
    school: entry.school_id,
    actorKind: entry.actor_kind,
    actorId: entry.actor_id,
    actorName: actor_name,
    ip: entry.ip,
    action,
    targetKind: target_kind,
    targetId: target_id,
    before: stateText(entry.before),
    after: stateText(entry.after),
  }).flatMap(([name, value]) => (value === null || value === "" ? [] : [` ${name}="${parameterValue(value)}"`]));
  return `[${SD_ID}${parameters.join("")}] ${BOM}${oneLine(`${actor_name}: ${action} ${target_kind} ${target_id}`)}`;
}

/** RFC 5424 section 6.3.3. */
function parameterValue(value: string): string {
  return oneLine(value).replace(/["\\\]]/g, (letter) => `\\${letter}`);
}

/** In ASCII, so that it needs no mark of its encoding, which readers of JSON do not take. A state that is too long is a text. */
function asciiJson(entry: ExportedEntry): string {
  const shown = (state: ExportedEntry["before"]) => (isLong(state) ? stateText(state) : state);
  const text = JSON.stringify({
    id: entry.id,
    at: entry.at,
    schoolId: entry.school_id,
    actor: { kind: entry.actor_kind, id: entry.actor_id, name: entry.actor_name },
    ip: entry.ip,
    action: entry.action,
    target: { kind: entry.target_kind, id: entry.target_id },
    before: shown(entry.before),
    after: shown(entry.after),
  });
  return text.replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Printable ASCII without spaces, as names in a head are. */
function asciiName(name: string, maxLength: number): string {
  return name.replace(/[^\x21-\x7e]/g, "_").slice(0, maxLength) || "-";
}

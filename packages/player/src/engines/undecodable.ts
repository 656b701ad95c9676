/**
 * Defines what the server tells of a track that no player can decode, because of what the publisher's encoder sends: as headers of playlists and of
 * WHEP, in the list of rungs, and within FLV as a property of `onMetaData`.
 */

/** The picture, where both are so. */
export type Undecodable = "video" | "audio";

const encoder = new TextEncoder();
/** AMF0, section 2.4: its value is a string. */
const STRING = 2;
/** Section 2.5: a property's name is behind its length. It is looked for by its bytes: a whole reader is ten times as large. */
const PROPERTIES = { video: propertyOf("videoproblem"), audio: propertyOf("audioproblem") };

/** Of answers and refusals. */
export const PROBLEM_HEADER = "lectern-problem";

/** @param value of the header `Lectern-Problem`; null: there is none */
export function undecodableOfHeader(value: string | null): Undecodable | null {
  const has = (track: Undecodable): boolean => value !== null && new RegExp(`(^|[ ,])${track}=`).test(value);
  return firstOf(has);
}

/** @param list of rungs */
export function undecodableOfList(list: unknown): Undecodable | null {
  const problems = fieldOf(list, "problems");
  return firstOf((track) => typeof fieldOf(problems, track) === "string");
}

/** @param body of an FLV script tag */
export function undecodableOfScript(body: Uint8Array): Undecodable | null {
  return firstOf((track) => hasBytes(body, PROPERTIES[track]));
}

function firstOf(has: (track: Undecodable) => boolean): Undecodable | null {
  return has("video") ? "video" : has("audio") ? "audio" : null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function propertyOf(name: string): Uint8Array {
  return Uint8Array.of(0, name.length, ...encoder.encode(name), STRING);
}

function hasBytes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0] ?? 0); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1))
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

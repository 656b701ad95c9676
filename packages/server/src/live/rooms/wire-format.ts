/** Writes entries, signals and frames of `lectern.room.v1` as JSON (docs/room-protocol.md), each once for all members that get it. */

import { entryOnWire, type RoomEntry, type RoomPerson, type RoomPosition, type RoomSignal } from "@lectern/room";
import type { ActionResult } from "../../contracts/rooms/room-requests.ts";
import { textFrame, textFrameStart } from "../http/websocket-frame.ts";

/** How frames reach a member: as WebSocket messages, or as server-sent events. */
export type Way = "socket" | "events";

export type Acknowledgement = { readonly id: string | null } & (
  | { readonly seq: number; readonly answer?: Readonly<Record<string, unknown>> }
  | { readonly code: string; readonly detail?: string; readonly retryAfter?: number }
);

/** An entry is written once, however many frames and snapshots it is in. */
const texts = new WeakMap<RoomEntry, string>();

export function entryText(epoch: string, entry: RoomEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const text = JSON.stringify(entryOnWire(epoch, entry));
  texts.set(entry, text);
  return text;
}

export function signalText({ kind, key, body }: RoomSignal): string {
  return JSON.stringify({ ...body, kind, key });
}

/** A frame, or the end of one behind `{` and what is a member's own. */
export function frameText(
  { epoch, seq }: RoomPosition,
  list: "snapshot" | "entries",
  entries: readonly string[],
  signals: readonly string[],
): string {
  return `"epoch":${JSON.stringify(epoch)},"seq":${seq},"${list}":[${entries.join(",")}],"signals":[${signals.join(",")}]}`;
}

/** What a member is told about an action. */
export function acknowledgement(id: string | null, result: ActionResult): Acknowledgement {
  if (!("refused" in result)) return { id, seq: result.seq, ...(result.body ? { answer: result.body } : {}) };
  const { refused, detail, retryAfter } = result;
  return { id, code: refused, ...(detail === null ? {} : { detail }), ...(retryAfter === null ? {} : { retryAfter }) };
}

export function acknowledgementFrame(acks: readonly Acknowledgement[], way: Way): Buffer {
  const text = JSON.stringify({ acks });
  return way === "socket" ? textFrame(text) : Buffer.from(`data: ${text}\n\n`);
}

/** Entries that a snapshot has left out. They move nobody's position. */
export function olderFrame(epoch: string, entries: readonly string[], way: Way): Buffer {
  const text = `{"epoch":${JSON.stringify(epoch)},"older":[${entries.join(",")}]}`;
  return way === "socket" ? textFrame(text) : Buffer.from(`data: ${text}\n\n`);
}

/** The bytes of a frame that many members get, made when the first of them needs them. */
export class SharedFrame {
  readonly position: RoomPosition;
  private readonly text: string;
  private socketBytes: Buffer | null = null;
  private eventBytes: Buffer | null = null;

  /** @param text without its first brace */
  constructor(position: RoomPosition, text: string) {
    this.position = position;
    this.text = text;
  }

  bytes(way: Way): Buffer {
    if (way === "socket") {
      this.socketBytes ??= textFrame(`{${this.text}`);
      return this.socketBytes;
    }
    this.eventBytes ??= Buffer.from(`${eventStart(this.position)}{${this.text}\n\n`);
    return this.eventBytes;
  }

  /** The frame with a member's own answers in it. */
  bytesAfter(acks: readonly Acknowledgement[], way: Way): Buffer {
    const text = `{"acks":${JSON.stringify(acks)},${this.text}`;
    return way === "socket" ? textFrame(text) : Buffer.from(`${eventStart(this.position)}${text}\n\n`);
  }
}

/** The end of a first frame, which all newcomers of a view share; its beginning tells each who they are. */
export class SharedEnd {
  readonly position: RoomPosition;
  private readonly end: Buffer;

  /** @param text without its first brace */
  constructor(position: RoomPosition, text: string) {
    this.position = position;
    this.end = Buffer.from(text);
  }

  /** To be written one after the other. @param now milliseconds since 1970 */
  bytes(you: RoomPerson, way: Way, now: number): readonly Buffer[] {
    const { id, name, role, watches } = you;
    const start = `{"you":${JSON.stringify({ id, name, role, watches })},"now":${Math.round(now)},`;
    if (way === "socket") return [textFrameStart(start, this.end.length), this.end];
    return [Buffer.from(`${eventStart(this.position)}${start}`), this.end, EVENT_END];
  }
}

const EVENT_END = Buffer.from("\n\n");

/** HTML standard, section 9.2.6: a client that returns names the last id. JSON has no line ends. */
function eventStart({ epoch, seq }: RoomPosition): string {
  return epoch === "" ? "data: " : `id: ${epoch}.${seq}\ndata: `;
}

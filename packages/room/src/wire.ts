/**
 * Provides the frames of `lectern.room.v1` (docs/room-protocol.md), parsed without trust: what has not the right shape is left out, and unknown kinds
 * and fields pass through, so that a newer server does not break an open page.
 */
import type { RoomAudience, RoomEntry, RoomPerson, RoomRole } from "./entry.ts";

export type Body = Readonly<Record<string, unknown>>;
/** What `to` is on the wire where an entry is for those in a group: no participant's id. */
const TO_GROUP = "group";
const ROLES: readonly RoomRole[] = ["staff", "member", "guest", "watcher"];

export type WireEntry = {
  readonly epoch: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The stream's time that the sender saw, in milliseconds; null: none. */
  readonly mediaTime: number | null;
  /** The id of the action, of the sender's making. */
  readonly id: string;
  /** The sender's participant id; null: the server. */
  readonly from: string | null;
  /** The sender's name; empty for the server. */
  readonly name: string;
  readonly role: RoomRole | null;
  readonly kind: string;
  /** `chat/01m7…`: of the same key only the newest entry counts. Null: the entry passes by. */
  readonly key: string | null;
  /** The entry removes its key. */
  readonly gone: boolean;
  readonly to: RoomAudience;
  /** The whole entry as it came, with the fields of its kind. */
  readonly body: Body;
};

export type WireSignal = { readonly kind: string; readonly key: string; readonly body: Body };

export type Acknowledgement = { readonly id: string } & (
  | { readonly seq: number; readonly answer?: Body }
  | { readonly code: string; readonly detail: string | null; readonly retryAfter: number | null }
);

export type Frame = {
  readonly you: Required<RoomPerson> | null;
  /** The server's time, milliseconds since 1970; null in all but first frames. */
  readonly now: number | null;
  /** Null where the frame has no entries. */
  readonly position: { readonly epoch: string; readonly seq: number } | null;
  /** Replaces all entries that were held. */
  readonly snapshot: readonly WireEntry[] | null;
  readonly entries: readonly WireEntry[];
  /** What a snapshot has left out: it moves no position. */
  readonly older: readonly WireEntry[];
  readonly signals: readonly WireSignal[];
  readonly acks: readonly Acknowledgement[];
};

/** What a member sends. */
export type Action = { readonly id: string; readonly kind: string; readonly mediaTime: number | null; readonly body: Body };

/** What is drawn comes many times a second, and only the board shows it: nothing else is drawn again for it. */
export function isQuiet({ kind, key }: { readonly kind: string; readonly key: string | null }): boolean {
  return kind === "laser" || (kind === "stroke" && key === null);
}

/** What is acknowledged is told apart: a person who draws hears of it 25 times a second. */
export function isQuietFrame({ you, snapshot, entries, older, signals }: Frame): boolean {
  return you === null && snapshot === null && [...entries, ...older, ...signals].every(isQuiet);
}

/** Null: not a frame. */
export function parseFrame(text: string): Frame | null {
  const value = parseJson(text);
  if (!isBody(value)) return null;
  const epoch = textOf(value, "epoch");
  const seq = numberOf(value, "seq");
  const entries = (list: unknown) => listOf(list).flatMap((item) => parseEntry(item, epoch));
  return {
    you: parsePerson(value["you"]),
    now: numberOf(value, "now"),
    position: epoch === null || seq === null ? null : { epoch, seq },
    snapshot: Array.isArray(value["snapshot"]) ? entries(value["snapshot"]) : null,
    entries: entries(value["entries"]),
    older: entries(value["older"]),
    signals: listOf(value["signals"]).flatMap(parseSignal),
    acks: listOf(value["acks"]).flatMap(parseAcknowledgement),
  };
}

export function writeAction({ id, kind, mediaTime, body }: Action): string {
  return JSON.stringify({ ...body, id, kind, ...(mediaTime === null ? {} : { mediaTime: Math.max(0, Math.round(mediaTime)) }) });
}

/** @returns none or one entry; @param epoch of the frame, for entries that do not name theirs */
export function parseEntry(value: unknown, epoch: string | null = null): WireEntry[] {
  if (!isBody(value)) return [];
  const seq = numberOf(value, "seq");
  const kind = textOf(value, "kind");
  const ownEpoch = textOf(value, "epoch") ?? epoch;
  if (seq === null || kind === null || ownEpoch === null) return [];
  return [
    {
      epoch: ownEpoch,
      seq,
      kind,
      at: numberOf(value, "at") ?? 0,
      mediaTime: numberOf(value, "mediaTime"),
      id: textOf(value, "id") ?? "",
      from: textOf(value, "from"),
      name: textOf(value, "name") ?? "",
      role: roleOf(value["role"]),
      key: textOf(value, "key"),
      gone: value["gone"] === true,
      to: audienceOf(value["to"]),
      body: value,
    },
  ];
}

/** An entry as people get it: its fields hide those of its body, also where they are left out. */
export function entryOnWire(epoch: string, entry: RoomEntry) {
  const { seq, at, mediaTime, id, kind, to, key, gone, body } = entry;
  // The server itself may be a sender without an id.
  const from = entry.from?.id ? entry.from : null;
  return {
    ...body,
    epoch,
    seq,
    at,
    mediaTime,
    id,
    kind,
    from: from?.id ?? null,
    name: from?.name ?? null,
    role: from?.role ?? null,
    key: key ?? undefined,
    gone: gone || undefined,
    to: audienceOnWire(to),
  };
}

/** The participants of a group's entry are not told: it says that it is for a group. */
function audienceOnWire(to: RoomAudience): string | undefined {
  if (typeof to === "string") return to === "staff" ? to : undefined;
  return "members" in to ? TO_GROUP : to.participant;
}

/** @returns none or one acknowledgement */
export function parseAcknowledgement(value: unknown): Acknowledgement[] {
  if (!isBody(value)) return [];
  const id = textOf(value, "id");
  const seq = numberOf(value, "seq");
  const code = textOf(value, "code");
  if (id === null) return [];
  if (code !== null) return [{ id, code, detail: textOf(value, "detail"), retryAfter: numberOf(value, "retryAfter") }];
  if (seq === null) return [];
  const answer = value["answer"];
  return [isBody(answer) ? { id, seq, answer } : { id, seq }];
}

function parseSignal(value: unknown): WireSignal[] {
  if (!isBody(value)) return [];
  const kind = textOf(value, "kind");
  return kind === null ? [] : [{ kind, key: textOf(value, "key") ?? "", body: value }];
}

function parsePerson(value: unknown): Required<RoomPerson> | null {
  if (!isBody(value)) return null;
  const id = textOf(value, "id");
  const role = roleOf(value["role"]);
  if (id === null || role === null) return null;
  return { id, role, name: textOf(value, "name") ?? "", watches: role === "watcher" || value["watches"] === true };
}

function roleOf(value: unknown): RoomRole | null {
  return ROLES.find((role) => role === value) ?? null;
}

function audienceOf(value: unknown): RoomAudience {
  if (value === "staff") return "staff";
  if (value === TO_GROUP) return { members: [] };
  const participant = isBody(value) ? textOf(value, "participant") : typeof value === "string" && value !== "all" ? value : null;
  return participant === null ? "all" : { participant };
}

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that is a text; null where it is not. */
export function textOf(body: Body, name: string): string | null {
  const value = body[name];
  return typeof value === "string" ? value : null;
}

/** A field that is a finite number; null where it is not. */
export function numberOf(body: Body, name: string): number | null {
  const value = body[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The items of a list; none where it is not one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

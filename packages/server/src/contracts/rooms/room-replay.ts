/**
 * Determines where entries of a room belong in a recording of its lesson: wall-clock times become positions. Also what a media worker asks the
 * control process for when it serves the room of then; names and fields are on the wire between nodes.
 */
import type { BoardLogRequest } from "./board-log.ts";

/** A stretch of a recording without a pause. All of it in whole milliseconds; `at` since 1970. */
export type RoomSpan = {
  readonly at: number;
  /** From the beginning of the recording. */
  readonly position: number;
  /** Of the recording. */
  readonly length: number;
  /** Of the clock: until the next span begins, or until the publisher paused. */
  readonly lasts: number;
};

/** Where a recording's segments are: each with its time of the clock and its position, in milliseconds. */
export type PlacedSegment = { readonly utc: number; readonly position: number; readonly length: number };

/** A part of a recording, and the time of the clock that it is of: `from` is in it, `to` is not. */
export type RoomPart = { readonly from: number; readonly to: number; readonly spans: readonly RoomSpan[] };

export type RoomReplayRequest =
  | { readonly kind: "state"; readonly lesson: string }
  /** What happened in a part, each with its position. */
  | ({ readonly kind: "entries"; readonly lesson: string } & RoomPart)
  /** What newcomers would have got at a time. */
  | { readonly kind: "snapshot"; readonly lesson: string; readonly at: number }
  /**
   * What was said in a lesson, where a program has written it down: a list of `SpokenCaption` as `captions` (`captions-answer.ts`).
   * `since`: only what was stored since that time, milliseconds since 1970.
   */
  | { readonly kind: "captions"; readonly lesson: string; readonly since?: number }
  /** What the board showed, part by part. */
  | BoardLogRequest;

/** A line that was said, in its newest words. */
export type SpokenCaption = {
  /** When it was begun to be said, milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds. */
  readonly length: number;
  /** When the newest words were stored, milliseconds since 1970. */
  readonly storedAt: number;
  readonly text: string;
  /** A tag of RFC 5646; empty: not known. */
  readonly language: string;
};

export type RoomReplayAnswer =
  /** `past` changes when something that was said is deleted or restored; `head` with each entry. Null: nothing was said. */
  | {
      readonly kind: "state";
      readonly past: string;
      readonly head: string;
      readonly first: number | null;
      readonly last: number | null;
    }
  /** JSON, compressed with gzip, in base64. */
  | { readonly kind: "file"; readonly gzip: string };

/** Answered by the control process, also of another node. */
export type RoomReplayMessages = { readonly roomReplay: (request: RoomReplayRequest) => Promise<RoomReplayAnswer> };

/** Clocks of publishers and servers wander: a smaller difference between two segments is no pause. */
const JITTER_MS = 500;
const MAX_OVERLAP_MS = 10_000;

/** @param segments in the order of the recording */
export function spansOf(segments: readonly PlacedSegment[]): RoomSpan[] {
  const spans: { at: number; position: number; length: number; lasts: number }[] = [];
  for (const { utc, position, length } of segments) {
    const at = Math.round(utc);
    const begins = Math.round(position);
    const ends = Math.round(position + length);
    const last = spans.at(-1);
    if (last && Math.abs(at - (last.at + begins - last.position)) <= JITTER_MS) {
      last.length = ends - last.position;
      last.lasts = last.length;
      continue;
    }
    const from = last ? beginAfter(last, at) : at;
    if (last) last.lasts = from - last.at <= last.length + JITTER_MS ? from - last.at : last.length;
    spans.push({ at: from, position: begins, length: ends - begins, lasts: ends - begins });
  }
  return spans;
}

/** Spans follow each other: a short overlap ends the one before; a clock that was set back counts from its end. */
function beginAfter(last: RoomSpan, at: number): number {
  const end = last.at + last.length;
  return at < end - MAX_OVERLAP_MS ? end : Math.max(at, last.at + 1);
}

/** Milliseconds of the recording; null: before its beginning, or after its end. `paused`: the publisher was not there, and it goes on here. */
export function positionOf(spans: readonly RoomSpan[], at: number): { readonly position: number; readonly paused: boolean } | null {
  const [first] = spans;
  if (!first || at < first.at) return null;
  let low = 0;
  for (let high = spans.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2);
    if ((spans[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const span = spans[low] ?? first;
  const passed = at - span.at;
  if (passed < span.lasts) return { position: span.position + Math.min(passed, Math.max(0, span.length - 1)), paused: false };
  const next = spans[low + 1];
  return next ? { position: next.position, paused: true } : null;
}

/** The part between two positions; null where nothing can have happened. What happened in a pause is in the part that goes on after it. */
export function partOf(spans: readonly RoomSpan[], from: number, to: number): RoomPart | null {
  const parts: RoomSpan[] = [];
  let begin = 0;
  for (const [i, span] of spans.entries()) {
    const skipped = Math.max(0, from - span.position);
    const kept = Math.min(span.length, to - span.position) - skipped;
    const before = spans[i - 1];
    const isCut = span.position + span.length > to;
    const lasts = (isCut ? Math.min(span.lasts, to - span.position) : span.lasts) - skipped;
    // Where spans overlap, nothing happens at the end of the first.
    if (kept <= 0 || lasts <= 0) continue;
    if (parts.length === 0) begin = skipped === 0 && before ? before.at + before.lasts : span.at + skipped;
    parts.push({ at: span.at + skipped, position: span.position + skipped, length: kept, lasts });
  }
  const last = parts.at(-1);
  return last ? { from: begin, to: last.at + last.lasts, spans: parts } : null;
}

/** Spans that another node has sent as JSON. */
export function parseSpans(bytes: Buffer): readonly RoomSpan[] {
  const spans: unknown = JSON.parse(bytes.toString());
  if (!Array.isArray(spans) || !spans.every(isSpan)) throw new Error("another node sent no spans of a recording");
  return spans;
}

function isSpan(value: unknown): value is RoomSpan {
  if (typeof value !== "object" || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return ["at", "position", "length", "lasts"].every((name) => Number.isInteger(fields[name]));
}

/** Milliseconds of the whole recording. */
export function lengthOf(spans: readonly RoomSpan[]): number {
  const last = spans.at(-1);
  return last ? last.position + last.length : 0;
}

/** Serves a stored timeline as one FLV or fragmented MP4 file, built while it is read: nothing is transcoded or stored twice. */
import { isDeepStrictEqual } from "node:util";
import {
  EcmaArray,
  encodeAmf0,
  frameTag,
  moveFragments,
  TAG_TYPE,
  writeFlvHeader,
  writeInitialisation,
  writeTag,
} from "@lectern/media";
import { decodesAlike, type LogContext } from "../../live/streams/index.ts";
import { configurationTags } from "../files/configuration-tags.ts";
import { storedTracks } from "../files/indexed-file.ts";
import { readTags } from "../files/tags.ts";
import type { TimedSegment, Timeline } from "../files/timeline.ts";
import type { SegmentCache } from "./segment-cache.ts";
import { type Piece, VirtualFile } from "./virtual-file.ts";

/** A longer distance between two segments is a gap, not rounding. */
const GAP_SECONDS = 0.005;
const TICKS_PER_MS = 90;

/**
 * The timeline as FLV from a segment on, with timestamps from 0.
 * @param from number of the first segment
 */
export function flvFile(timeline: Timeline, from: number): VirtualFile | null {
  const first = timeline.segment(from);
  if (!first) return null;
  const origin = timeline.startOf(from);
  const segments: { readonly piece: Piece; readonly segment: TimedSegment; readonly seconds: number }[] = [];
  const pieces: Piece[] = [];
  let context: LogContext = first.context;
  for (let number = from; number < timeline.length; number++) {
    const segment = timeline.segment(number);
    const until = segment?.file.endOf(segment.index);
    if (!segment || !until) continue;
    const seconds = timeline.startOf(number) - origin;
    if (segment.index === 0 && segment.context !== context) {
      const tags = configurationTags(segment.context, Math.round(seconds * 1000));
      pieces.push({ bytes: tags.length, make: async () => tags });
    }
    ({ context } = segment);
    const piece = { bytes: until.at - segment.offset, make: () => flvTags(segment, until.at, seconds) };
    pieces.push(piece);
    segments.push({ piece, segment, seconds });
  }
  const keys = segments.filter(({ segment }) => segment.independent);
  const headOf = (positions: readonly number[]) => {
    const keyframes = { times: keys.map(({ seconds }) => seconds), filepositions: [...positions] };
    const properties = {
      ...first.context.metadata?.properties,
      duration: timeline.duration - origin,
      hasKeyframes: true,
      keyframes,
    };
    return Buffer.concat([
      writeFlvHeader(first.context.audio !== null, first.context.video !== null),
      writeTag(TAG_TYPE.script, 0, [encodeAmf0("onMetaData", new EcmaArray(properties))]),
      configurationTags(first.context, 0),
    ]);
  };
  // AMF0 numbers have a fixed length, so the size of the head is known before the positions are.
  let at = headOf(keys.map(() => 0)).length;
  const starts = new Map<Piece, number>();
  for (const piece of pieces) {
    starts.set(piece, at);
    at += piece.bytes;
  }
  const head = headOf(keys.map(({ piece }) => starts.get(piece) ?? 0));
  return new VirtualFile([{ bytes: head.length, make: async () => head }, ...pieces]);
}

/** What decodes all of a timeline, in which a track may stop and come again; null when a decoder configuration changes. */
export function contextOfAll(timeline: Timeline): LogContext | null {
  const known = new Set<string>();
  let all: LogContext | null = null;
  for (let number = 0; number < timeline.length; number++) {
    const context = timeline.segment(number)?.context;
    if (!context) return null;
    if (known.has(context.initialisation)) continue;
    known.add(context.initialisation);
    const before: LogContext = all ?? context;
    if (!isSameOrNone(before.video, context.video) || !isSameOrNone(before.audio, context.audio)) return null;
    all = { ...before, video: before.video ?? context.video, audio: before.audio ?? context.audio };
  }
  return all;
}

function isSameOrNone<T extends LogContext["video"] | LogContext["audio"]>(a: T, b: T): boolean {
  if (a === null || b === null) return true;
  // VP9's size is in no configuration.
  return decodesAlike(a, b) && isDeepStrictEqual(a.format, b.format);
}

/** The timeline as fragmented MP4; null when its decoder configuration changes or MP4 cannot carry its codecs. */
export function mp4File(timeline: Timeline, cache: SegmentCache): VirtualFile | null {
  const first = timeline.segment(0);
  const context = contextOfAll(timeline);
  const tracks = context ? storedTracks(context) : [];
  if (!first || tracks.length === 0) return null;
  const rate = context?.audio?.format?.sampleRate ?? 0;
  const head = Buffer.from(writeInitialisation(tracks, timeline.duration * 1000));
  const pieces: Piece[] = [{ bytes: head.length, make: async () => head }];
  let originMs = first.time;
  let expected = first.seconds;
  for (let number = 0; number < timeline.length; number++) {
    const segment = timeline.segment(number);
    if (!segment) return null;
    // A gap is closed: later segments move forward.
    if (Math.abs(segment.seconds - expected) > GAP_SECONDS) originMs = segment.time - Math.round(timeline.startOf(number) * 1000);
    expected = segment.seconds + segment.duration;
    const origin = { video: originMs * TICKS_PER_MS, audio: Math.round((originMs * rate) / 1000) };
    pieces.push({
      bytes: segment.hlsBytes,
      make: async () => {
        const held = await cache.acquire(segment);
        if (!held) return null;
        const moved = Buffer.from(held.bytes);
        held.release();
        moveFragments(moved, origin);
        return moved;
      },
    });
  }
  return new VirtualFile(pieces);
}

/** FLV header, metadata and configurations for a stream without a known end. */
export function flvInitBytes(context: LogContext): Buffer {
  const properties = context.metadata?.properties ?? {};
  return Buffer.concat([
    writeFlvHeader(context.audio !== null, context.video !== null),
    writeTag(TAG_TYPE.script, 0, [encodeAmf0("onMetaData", new EcmaArray(properties))]),
    configurationTags(context, 0),
  ]);
}

/**
 * A segment's tags with timestamps of the whole file; null when they cannot be read.
 * @param until offset behind the segment in its recorded file; @param seconds the segment's start in the whole file
 */
export async function flvTags(segment: TimedSegment, until: number, seconds: number): Promise<Buffer | null> {
  const bytes = await segment.file.read(segment.offset, until);
  if (!bytes) return null;
  const shift = Math.round(seconds * 1000) + segment.file.line.time - segment.time;
  for (const { tag, type, timestamp } of readTags(bytes)) frameTag(tag, type, Math.max(0, timestamp + shift));
  return bytes;
}

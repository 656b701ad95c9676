/** A stored timeline as one file: FLV with its tags as they are, or fragmented MP4. Nothing is decoded, and no second copy is kept. */
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
import type { LogContext } from "../../live/streams/index.ts";
import { configurationTags } from "../files/configurations.ts";
import { storedTracks } from "../files/indexed-file.ts";
import { readTags } from "../files/tags.ts";
import type { TimedSegment, Timeline } from "../files/timeline.ts";
import type { SegmentCache } from "./segment-cache.ts";
import { type Piece, VirtualFile } from "./virtual-file.ts";

/** More than rounding between the end of a segment and the beginning of the next. */
const GAP_SECONDS = 0.005;
const TICKS_PER_MS = 90;

/**
 * FLV from a segment on, with times from 0.
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
    const until = segment?.file.endOf(segment.place);
    if (!segment || !until) continue;
    const seconds = timeline.startOf(number) - origin;
    if (segment.place === 0 && segment.context !== context) {
      const tags = configurationTags(segment.context, Math.round(seconds * 1000));
      pieces.push({ bytes: tags.length, make: async () => tags });
    }
    ({ context } = segment);
    const piece = { bytes: until.at - segment.at, make: () => flvTags(segment, until.at, seconds) };
    pieces.push(piece);
    segments.push({ piece, segment, seconds });
  }
  const keys = segments.filter(({ segment }) => segment.independent);
  const prelude = (positions: readonly number[]) => {
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
  // Numbers are of one length, so the positions can be found before they are written.
  let at = prelude(keys.map(() => 0)).length;
  const starts = new Map<Piece, number>();
  for (const piece of pieces) {
    starts.set(piece, at);
    at += piece.bytes;
  }
  const head = prelude(keys.map(({ piece }) => starts.get(piece) ?? 0));
  return new VirtualFile([{ bytes: head.length, make: async () => head }, ...pieces]);
}

/** Fragmented MP4 of all of it; null when its pictures or sounds are decoded in more than one way, or MP4 cannot carry them. */
export function mp4File(timeline: Timeline, cache: SegmentCache): VirtualFile | null {
  const first = timeline.segment(0);
  const tracks = first ? storedTracks(first.context) : [];
  if (!first || tracks.length === 0) return null;
  const rate = first.context.audio?.format?.sampleRate ?? 0;
  const head = Buffer.from(writeInitialisation(tracks, timeline.duration * 1000));
  const pieces: Piece[] = [{ bytes: head.length, make: async () => head }];
  let originMs = first.time;
  let expected = first.seconds;
  for (let number = 0; number < timeline.length; number++) {
    const segment = timeline.segment(number);
    if (!segment || segment.context.initialisation !== first.context.initialisation) return null;
    // Where a piece is missing, what follows moves up.
    if (Math.abs(segment.seconds - expected) > GAP_SECONDS) originMs = segment.time - Math.round(timeline.startOf(number) * 1000);
    expected = segment.seconds + segment.duration;
    const origin = { video: originMs * TICKS_PER_MS, audio: Math.round((originMs * rate) / 1000) };
    pieces.push({
      bytes: segment.hlsBytes,
      make: async () => {
        const held = await cache.hold(segment);
        if (!held) return null;
        const moved = Buffer.from(held.bytes);
        held.letGo();
        moveFragments(moved, origin);
        return moved;
      },
    });
  }
  return new VirtualFile(pieces);
}

/** What stands before the first tag of a stream of FLV that has no end yet. */
export function flvPrelude(context: LogContext): Buffer {
  const properties = context.metadata?.properties ?? {};
  return Buffer.concat([
    writeFlvHeader(context.audio !== null, context.video !== null),
    writeTag(TAG_TYPE.script, 0, [encodeAmf0("onMetaData", new EcmaArray(properties))]),
    configurationTags(context, 0),
  ]);
}

/**
 * A segment's tags, at their place in the whole; null when they cannot be read.
 * @param until where it ends in its file; @param seconds when it begins in the whole
 */
export async function flvTags(segment: TimedSegment, until: number, seconds: number): Promise<Buffer | null> {
  const bytes = await segment.file.read(segment.at, until);
  if (!bytes) return null;
  const shift = Math.round(seconds * 1000) + segment.file.line.time - segment.time;
  for (const { tag, type, timestamp } of readTags(bytes)) frameTag(tag, type, Math.max(0, timestamp + shift));
  return bytes;
}

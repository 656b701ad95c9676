/** Serves a stored timeline as one FLV or fragmented MP4 file, built while it is read: nothing is transcoded or stored twice. */
import { isDeepStrictEqual } from "node:util";
import {
  type AudioTrack,
  EcmaArray,
  encodeAmf0,
  frameTag,
  hasNalUnits,
  lengthPrefixed,
  moveFragments,
  nalLengthSize,
  setsIn,
  TAG_TYPE,
  type VideoTrack,
  withParameterSets,
  writeFlvHeader,
  writeInitialisation,
  writeTag,
} from "@lectern/media";
import { decodesAlike, type LogContext } from "../../live/streams/index.ts";
import { configurationTags } from "../files/configuration-tags.ts";
import { type StoredContext, type StoredSegment, storedTracks } from "../files/indexed-file.ts";
import { readTags } from "../files/tags.ts";
import type { TimedSegment, Timeline } from "../files/timeline.ts";
import type { SegmentCache } from "./segment-cache.ts";
import { type Piece, VirtualFile } from "./virtual-file.ts";

/** A longer distance between two segments is a gap, not rounding. */
const GAP_SECONDS = 0.005;
const TICKS_PER_MS = 90;
const NOTHING = new Uint8Array();

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

/** The tracks of a timeline's MP4, and the sample entries of its video: one for each decoder configuration, numbered from 1 on. */
class Mp4Tracks {
  audio: AudioTrack | null = null;
  readonly videos: VideoTrack[] = [];
  private readonly numbers = new Map<string, number>();

  /** False when one MP4 cannot have these configurations: players do not change the codec of a track, nor anything of sound. */
  add(context: StoredContext): boolean {
    if (this.numbers.has(context.initialisation)) return true;
    this.numbers.set(context.initialisation, 1);
    for (const track of storedTracks(context)) {
      if (track.kind === "audio") {
        this.audio ??= track;
        if (!isDeepStrictEqual(this.audio, track)) return false;
      } else {
        if (track.codec !== (this.videos[0]?.codec ?? track.codec)) return false;
        // VP9's size is in no configuration.
        const known = this.videos.findIndex((one) => isDeepStrictEqual(one, track));
        this.numbers.set(context.initialisation, known < 0 ? this.videos.push(track) : known + 1);
      }
    }
    return true;
  }

  initialisation(seconds: number): Uint8Array | null {
    const [video, ...others] = this.videos;
    const tracks = [video, this.audio].filter((track) => track !== null && track !== undefined);
    return tracks.length === 0 ? null : writeInitialisation(tracks, seconds * 1000, others);
  }

  entryOf({ initialisation }: StoredContext): number {
    return this.numbers.get(initialisation) ?? 1;
  }

  /** What stands before a segment's first key frame, where the configuration changes. */
  setsBefore({ independent, context: { video } }: StoredSegment): Uint8Array {
    if (this.videos.length < 2 || !independent || !video || !hasNalUnits(video.codec)) return NOTHING;
    return lengthPrefixed(setsIn(video.codec, video.data), nalLengthSize(video.codec, video.data));
  }
}

/** The timeline as fragmented MP4; null when a codec or the configuration of sound changes, or MP4 cannot carry the codecs. */
export function mp4File(timeline: Timeline, cache: SegmentCache): VirtualFile | null {
  const tracks = new Mp4Tracks();
  const segments = Array.from({ length: timeline.length }, (_, number) => timeline.segment(number));
  if (!segments.every((segment) => segment !== null && tracks.add(segment.context))) return null;
  const [first] = segments;
  const head = tracks.initialisation(timeline.duration);
  if (!first || !head) return null;
  const rate = tracks.audio?.format.sampleRate ?? 0;
  const pieces: Piece[] = [{ bytes: head.length, make: async () => Buffer.from(head) }];
  let originMs = first.time;
  let expected = first.seconds;
  for (const [number, segment] of segments.entries()) {
    if (!segment) return null;
    // A gap is closed: later segments move forward.
    if (Math.abs(segment.seconds - expected) > GAP_SECONDS) originMs = segment.time - Math.round(timeline.startOf(number) * 1000);
    expected = segment.seconds + segment.duration;
    const origin = { video: originMs * TICKS_PER_MS, audio: Math.round((originMs * rate) / 1000) };
    const sets = tracks.setsBefore(segment);
    pieces.push({
      bytes: segment.hlsBytes + sets.length,
      make: async () => {
        const held = await cache.acquire(segment);
        if (!held) return null;
        const moved = Buffer.from(sets.length > 0 ? withParameterSets(held.bytes, sets) : held.bytes);
        held.release();
        moveFragments(moved, origin, tracks.entryOf(segment.context));
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

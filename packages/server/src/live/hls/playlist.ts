/**
 * Renders media playlists as of a position of the stream: a pure function of the segment index and of the segments' keys, so all processes return the same bytes for
 * the same `_HLS_msn` and `_HLS_part`. Addresses in a playlist are relative and name no session.
 */
import { type MediaPlaylist, type PlaylistPart, type PlaylistSegment, type Variant, writeMediaPlaylist } from "@lectern/media";
import type { ContentKey } from "../../access/encryption/content-keys.ts";
import { keySuffix, playlistKey } from "../../access/encryption/key-delivery.ts";
import { sizesOf } from "../streams/index.ts";
import { tracksOf } from "./cmaf-packager.ts";
import type { IndexedSegment, SegmentIndex } from "./segment-index.ts";

/** The newest part that a playlist lists; part null: the whole segment. */
export type PlaylistPosition = { readonly msn: number; readonly part: number | null };

/** Bis section 6.2.2: parts are listed for three target durations; section 4.4.3.8: segments older than six of them may be skipped. */
const PARTS_TARGETS = 3;
const SKIP_TARGETS = 6;
/** Peak bandwidth as declared, relative to the measured peak. */
const PEAK_MARGIN = 1.1;

/** The keys of segments, by their media sequence numbers; null: the segment is not encrypted. */
export type KeyOf = (msn: number) => ContentKey | null;

/** The address of a segment or part, below the epoch. */
function fileName(term: number, msn: number, part: number | null, key: ContentKey | null): string {
  return `${term}-${msn}${part === null ? "" : `.${part}`}${keySuffix(key)}.m4s`;
}

export function initialisationName({ source }: IndexedSegment): string {
  return `init-${source.head.initialisation}.mp4`;
}

/** The newest position of a stream; null while it has none. */
export function newestPosition(index: SegmentIndex): PlaylistPosition | null {
  const last = index.segments.at(-1);
  if (!last) return null;
  const { msn } = last.source.head;
  if (last.whole) return { msn, part: null };
  if (last.parts.length > 0) return { msn, part: last.parts.length - 1 };
  return index.segments.length > 1 ? { msn: msn - 1, part: null } : null;
}

/**
 * The media playlist as of a position, which must exist.
 * @param base the address of the stream's files, relative to the playlist
 * @param window segments that it lists besides the one being written
 * @param skip true for a delta update, where one is possible
 */
export function playlistAt(
  index: SegmentIndex,
  base: string,
  position: PlaylistPosition,
  window: number,
  skip: boolean,
  keyOf: KeyOf = () => null,
): string {
  const targetSeconds = index.targets?.segmentSeconds ?? 1;
  const listed = index.segments.filter(({ source: { head } }) => head.msn <= position.msn && head.msn >= position.msn - window);
  const last = listed.at(-1);
  const partial = last !== undefined && position.part !== null && !endsWith(last, position.part);
  const durations = listed.map((segment) => (segment === last && partial ? 0 : segment.duration));
  /** Seconds from the beginning of each segment to the playlist's end. */
  const ages = durations.map((_, i) => durations.slice(i).reduce((sum, duration) => sum + duration, 0));
  const segments = listed.map((segment, i): PlaylistSegment => {
    const isPartial = partial && segment === last;
    const withParts = (ages[i + 1] ?? 0) < PARTS_TARGETS * targetSeconds;
    const count = isPartial ? (position.part ?? 0) + 1 : segment.parts.length;
    const { term, msn } = segment.source.head;
    const key = keyOf(msn);
    return {
      uri: isPartial ? null : base + fileName(term, msn, null, key),
      duration: segment.duration,
      utc: segment.source.head.utc,
      discontinuity: segment.source.head.discontinuity,
      map: `${base}${initialisationName(segment)}`,
      key: playlistKey(base, key),
      parts: withParts ? segment.parts.slice(0, count).map((part, n) => partOf(base + fileName(term, msn, n, key), part)) : [],
    };
  });
  const skipUntil = SKIP_TARGETS * targetSeconds;
  const canSkip = window * targetSeconds > skipUntil;
  const skipped = canSkip && skip ? ages.filter((age) => age > skipUntil).length : 0;
  const ended = index.ended && last === index.segments.at(-1) && !partial;
  const playlist: MediaPlaylist = {
    targetSeconds,
    partTarget: (index.targets?.partMs ?? 0) / 1000,
    mediaSequence: listed[0]?.source.head.msn ?? 0,
    segments,
    preloadHint: ended || !last ? null : base + preloadHintOf(last, partial ? (position.part ?? 0) : null, listed.at(-2), keyOf),
    skipUntil: canSkip ? skipUntil : null,
    skipped,
    ended,
  };
  return writeMediaPlaylist(playlist);
}

/** Whether a part is the last one of its segment, so that a playlist as of this part lists the whole segment. */
function endsWith(segment: IndexedSegment, part: number): boolean {
  return segment.whole && part >= segment.parts.length - 1;
}

function partOf(uri: string, { duration, mark }: IndexedSegment["parts"][number]): PlaylistPart {
  return { uri, duration, independent: mark.independent };
}

/**
 * The file that EXT-X-PRELOAD-HINT names. Encoders place key frames at even intervals, so a segment that is as long as the one before it is
 * assumed to be complete.
 */
function preloadHintOf(last: IndexedSegment, part: number | null, before: IndexedSegment | undefined, keyOf: KeyOf): string {
  const { term, msn } = last.source.head;
  const next = fileName(term, msn + 1, 0, keyOf(msn + 1));
  if (part === null) return next;
  const soFar = last.parts.slice(0, part + 1).reduce((sum, { duration }) => sum + duration, 0);
  return before && soFar >= before.duration - 0.02 ? next : fileName(term, msn, part + 1, keyOf(msn));
}

/** The attributes of EXT-X-STREAM-INF, without the address. Peak and average bandwidth are those of the segments in the log. */
export function variantOf(index: SegmentIndex): Omit<Variant, "uri"> | null {
  const whole = index.segments.filter((segment) => segment.whole && segment.duration > 0);
  const newest = whole.at(-1);
  if (!newest) return null;
  const { video, audio } = tracksOf(newest.source.context);
  if (!video && !audio) return null;
  const rates = whole.map((segment) => (measureSegment(segment).bytes * 8) / segment.duration);
  const frameRate = measureSegment(newest).frames / newest.duration;
  return {
    bandwidth: Math.max(...rates) * PEAK_MARGIN,
    averageBandwidth: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
    codecs: [video, audio].flatMap((track) => (track ? [track.format.codecString] : [])),
    resolution: video && { width: video.format.width, height: video.format.height },
    frameRate: video && (video.format.frameRate ?? (frameRate > 0 ? frameRate : null)),
  };
}

/** Approximate bytes that a fragment's boxes add: for each part, and for each frame of a track. */
const BOX_BYTES = { part: 160, video: 16, audio: 8 } as const;

/** Bytes and video frames of a complete segment. */
function measureSegment({ source, parts }: IndexedSegment): { readonly bytes: number; readonly frames: number } {
  const { video, audio } = sizesOf(source);
  const boxes = parts.length * BOX_BYTES.part + video.frames * BOX_BYTES.video + audio.frames * BOX_BYTES.audio;
  return { bytes: video.bytes + audio.bytes + boxes, frames: video.frames };
}

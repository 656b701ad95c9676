/**
 * Playlists, as of a place in the stream: a pure function of the index, so whoever asks any process for the playlist of one
 * `_HLS_msn` and `_HLS_part` gets the same bytes. Addresses in it are relative and name no session.
 */
import { type MediaPlaylist, type PlaylistPart, type PlaylistSegment, type Variant, writeMediaPlaylist } from "@lectern/media";
import { tracksOf } from "./package.ts";
import type { IndexedSegment, SegmentIndex } from "./segment-index.ts";

/** The newest thing that a playlist lists: a part, or with null the whole segment. */
export type Place = { readonly msn: number; readonly part: number | null };

/** Bis section 6.2.2: parts are listed for three target durations; section 4.4.3.8: what may be skipped is six of them old. */
const PARTS_TARGETS = 3;
const SKIP_TARGETS = 6;
/** How much above what was seen a peak may be taken to go. */
const PEAK_MARGIN = 1.1;

function segmentName({ source }: IndexedSegment): string {
  return `${source.head.term}-${source.head.msn}`;
}

export function initialisationName({ source }: IndexedSegment): string {
  return `init-${source.head.initialisation}.mp4`;
}

/** The newest place of a stream; null while it has none. */
export function newestPlace(index: SegmentIndex): Place | null {
  const last = index.segments.at(-1);
  if (!last) return null;
  const { msn } = last.source.head;
  if (last.whole) return { msn, part: null };
  return last.parts.length > 0 ? { msn, part: last.parts.length - 1 } : { msn: msn - 1, part: null };
}

/**
 * The media playlist as of a place, which must be there.
 * @param base the address of the stream's files, from where the playlist is
 * @param window segments that it lists besides the one being written
 * @param skip true for a delta update, where one is possible
 */
export function playlistAt(index: SegmentIndex, base: string, place: Place, window: number, skip: boolean): string {
  const targetSeconds = index.targets?.segmentSeconds ?? 1;
  const listed = index.segments.filter(({ source: { head } }) => head.msn <= place.msn && head.msn >= place.msn - window);
  const last = listed.at(-1);
  const partial = last !== undefined && place.part !== null && !endsWith(last, place.part);
  const durations = listed.map((segment) => (segment === last && partial ? 0 : segment.duration));
  /** Seconds from the beginning of each segment to the playlist's end. */
  const ages = durations.map((_, i) => durations.slice(i).reduce((sum, duration) => sum + duration, 0));
  const segments = listed.map((segment, i): PlaylistSegment => {
    const isPartial = partial && segment === last;
    const withParts = (ages[i + 1] ?? 0) < PARTS_TARGETS * targetSeconds;
    const count = isPartial ? (place.part ?? 0) + 1 : segment.parts.length;
    return {
      uri: isPartial ? null : `${base}${segmentName(segment)}.m4s`,
      duration: segment.duration,
      utc: segment.source.head.utc,
      discontinuity: segment.source.head.discontinuity,
      map: `${base}${initialisationName(segment)}`,
      parts: withParts
        ? segment.parts.slice(0, count).map((part, n) => partOf(`${base}${segmentName(segment)}.${n}.m4s`, part))
        : [],
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
    preloadHint: ended || !last ? null : `${base}${hint(last, partial ? (place.part ?? 0) : null, listed.at(-2))}`,
    skipUntil: canSkip ? skipUntil : null,
    skipped,
    ended,
  };
  return writeMediaPlaylist(playlist);
}

/** Whether a part is the last one of its segment, so that a playlist that ends with it has the whole segment. */
function endsWith(segment: IndexedSegment, part: number): boolean {
  return segment.whole && part >= segment.parts.length - 1;
}

function partOf(uri: string, { duration, mark }: IndexedSegment["parts"][number]): PlaylistPart {
  return { uri, duration, independent: mark.independent };
}

/**
 * What will come next. Encoders put their key frames at even distances, so a segment that is as long as the one before it is
 * taken to be over.
 */
function hint(last: IndexedSegment, part: number | null, before: IndexedSegment | undefined): string {
  const { term, msn } = last.source.head;
  const next = `${term}-${msn + 1}.0.m4s`;
  if (part === null) return next;
  const soFar = last.parts.slice(0, part + 1).reduce((sum, { duration }) => sum + duration, 0);
  return before && soFar >= before.duration - 0.02 ? next : `${term}-${msn}.${part + 1}.m4s`;
}

/** What the multivariant playlist says of this stream, but for the address: bandwidths of what is kept, peak and average. */
export function variantOf(index: SegmentIndex): Omit<Variant, "uri"> | null {
  const whole = index.segments.filter((segment) => segment.whole && segment.duration > 0);
  const newest = whole.at(-1);
  if (!newest) return null;
  const { video, audio } = tracksOf(newest.source.context);
  if (!video && !audio) return null;
  const rates = whole.map((segment) => (weigh(segment).bytes * 8) / segment.duration);
  const frameRate = weigh(newest).pictures / newest.duration;
  return {
    bandwidth: Math.max(...rates) * PEAK_MARGIN,
    averageBandwidth: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
    codecs: [video, audio].flatMap((track) => (track ? [track.format.codecString] : [])),
    resolution: video && { width: video.format.width, height: video.format.height },
    frameRate: video && (video.format.frameRate ?? (frameRate > 0 ? frameRate : null)),
  };
}

/** About what a fragment's boxes add to its frames. */
const BYTES = { part: 160, picture: 16, sound: 8 } as const;
const weighed = new WeakMap<IndexedSegment, { readonly bytes: number; readonly pictures: number }>();

/** Bytes and pictures of a whole segment, counted once. */
function weigh(segment: IndexedSegment): { readonly bytes: number; readonly pictures: number } {
  const known = weighed.get(segment);
  if (known) return known;
  let bytes = segment.parts.length * BYTES.part;
  let pictures = 0;
  const { entries: records } = segment.source;
  records.visit(0, records.length, (record) => {
    if (record.kind !== "media" || record.track === "data") return;
    bytes += record.payload.length + (record.track === "video" ? BYTES.picture : BYTES.sound);
    if (record.track === "video") pictures++;
  });
  const weight = { bytes, pictures };
  weighed.set(segment, weight);
  return weight;
}

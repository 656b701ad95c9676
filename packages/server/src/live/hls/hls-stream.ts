/**
 * One stream as HLS: its playlists and bytes, made when they are asked for, once, and those who wait for what is not there yet.
 * All who wait for one part are answered with the same bytes.
 */
import { gzipSync } from "node:zlib";
import { writeMultivariantPlaylist } from "@lectern/media";
import type { Log, MediaEntry } from "../streams/index.ts";
import { packageInitialisation, packagePart } from "./package.ts";
import { initialisationName, newestPlace, type Place, playlistAt, variantOf } from "./playlist.ts";
import { type IndexedSegment, SegmentIndex } from "./segment-index.ts";

export type PlaylistBytes = {
  readonly plain: Buffer;
  readonly gzip: Buffer;
  /** True for the playlist as of the place that was asked for, which is the same for ever; false for the newest one. */
  readonly lasting: boolean;
};

/** What cannot be had, and why. */
export type Missing = "impossible" | "not-here";

/** Bis section 6.2.5.2: what is further ahead than this is a mistake, in segments, and in seconds of parts. */
const MAX_AHEAD = { segments: 2, seconds: 3 } as const;
/** A playlist is given as of an older place to those who are no further behind than this; others get the newest. */
const MAX_SEGMENTS_BEHIND = 1;
/** Playlists are of use for as long as a part is the newest one. */
const MAX_PLAYLISTS = 16;

type SegmentBytes = { readonly parts: (Buffer | null)[]; whole: Buffer | null };

export class HlsStream {
  readonly epoch: string;
  private readonly index: SegmentIndex;
  private readonly base: string;
  private readonly window: number;
  private readonly playlists = new Map<string, PlaylistBytes>();
  private readonly bytes = new Map<IndexedSegment, SegmentBytes>();
  private readonly waiting = new Set<() => boolean>();

  /**
   * @param up from where the playlist is to where the folder of the epoch is
   * @param window segments that a playlist lists besides the one being written
   */
  constructor(log: Log, up: string, window: number) {
    this.epoch = log.epoch;
    this.base = `${up}${log.epoch}/`;
    this.window = window;
    this.index = new SegmentIndex(log, () => this.changed());
  }

  get ended(): boolean {
    return this.index.ended;
  }

  /** EXT-X-TARGETDURATION, or what it is likely to become. */
  get targetSeconds(): number {
    return this.index.targets?.segmentSeconds ?? 2;
  }

  /** Who waits for something at present. */
  get held(): number {
    return this.waiting.size;
  }

  /** The multivariant playlist; null while the first segment is not whole. */
  multivariant(session: string): string | Missing | null {
    if (!this.index.targets) return this.ended ? "not-here" : null;
    const variant = variantOf(this.index);
    return variant ? writeMultivariantPlaylist([{ ...variant, uri: `${session}/index.m3u8` }]) : "not-here";
  }

  /** The media playlist as of a place, or the newest one. Null: wait for it. */
  playlist(asked: Place | null, skip: boolean): PlaylistBytes | Missing | null {
    const newest = newestPlace(this.index);
    if (!newest || !this.index.targets) return this.ended ? "not-here" : null;
    if (!asked) return this.newest(newest, skip);
    const place = this.placeOf(asked);
    if (isAfter(place, newest)) {
      if (this.isImpossible(place, newest)) return "impossible";
      return this.ended ? this.newest(newest, skip) : null;
    }
    return place.msn < newest.msn - MAX_SEGMENTS_BEHIND ? this.newest(newest, skip) : this.render(place, skip);
  }

  /** A part, a whole segment (part null), or null: wait for it. */
  media(term: number, msn: number, part: number | null): Buffer | Missing | null {
    const last = this.index.segments.at(-1);
    const segment = this.index.find(msn);
    if (!segment) {
      // What the newest playlist announces may be asked for before it is there.
      const announced = last && !this.ended && msn === last.source.head.msn + 1 && (part ?? 0) === 0;
      return announced || !last ? null : "not-here";
    }
    if (segment.source.head.term !== term) return "not-here";
    if (part === null) return segment.whole ? this.wholeSegment(segment) : null;
    if (part < segment.parts.length) return this.part(segment, part);
    return segment.whole || part > segment.parts.length ? "not-here" : null;
  }

  /** An initialisation segment by its name. */
  initialisation(name: string): Buffer | Missing | null {
    const segment = this.index.segments.findLast((other) => initialisationName(other) === name);
    if (!segment) return this.index.segments.length === 0 ? null : "not-here";
    return packageInitialisation(segment.source.context) ?? "not-here";
  }

  /** Asks again whenever something has come, until `ask` says true. Gives a function that calls it off. */
  wait(ask: () => boolean): () => void {
    this.waiting.add(ask);
    return () => this.waiting.delete(ask);
  }

  close(): void {
    this.index.close();
    for (const ask of [...this.waiting]) ask();
    this.waiting.clear();
  }

  private changed(): void {
    for (const ask of [...this.waiting]) if (ask()) this.waiting.delete(ask);
    if (this.bytes.size <= this.index.segments.length) return;
    const kept = new Set(this.index.segments);
    for (const segment of this.bytes.keys()) if (!kept.has(segment)) this.bytes.delete(segment);
  }

  /** A part behind the last one of a whole segment is the first of the next: bis section 6.2.5.2. */
  private placeOf({ msn, part }: Place): Place {
    const segment = this.index.find(msn);
    if (part === null || !segment?.whole || part < segment.parts.length) return { msn, part };
    return { msn: msn + 1, part: 0 };
  }

  private isImpossible(place: Place, newest: Place): boolean {
    if (place.msn > newest.msn + MAX_AHEAD.segments) return true;
    const target = (this.index.targets?.partMs ?? 1000) / 1000;
    const limit = target < 1 ? Math.ceil(MAX_AHEAD.seconds / target) : MAX_AHEAD.seconds;
    const newestPart = place.msn === newest.msn ? (newest.part ?? 0) : 0;
    return (place.part ?? 0) > newestPart + limit;
  }

  private newest(place: Place, skip: boolean): PlaylistBytes {
    return { ...this.render(place, skip), lasting: false };
  }

  private render(place: Place, skip: boolean): PlaylistBytes {
    const key = `${place.msn}.${place.part}.${skip}.${this.ended}`;
    const known = this.playlists.get(key);
    if (known) return known;
    const plain = Buffer.from(playlistAt(this.index, this.base, place, this.window, skip));
    const made = { plain, gzip: gzipSync(plain), lasting: true };
    this.playlists.set(key, made);
    for (const old of this.playlists.keys()) {
      if (this.playlists.size <= MAX_PLAYLISTS) break;
      this.playlists.delete(old);
    }
    return made;
  }

  private part(segment: IndexedSegment, at: number): Buffer {
    const bytes = this.bytesOf(segment);
    const known = bytes.parts[at];
    if (known) return known;
    const part = segment.parts[at];
    if (!part) return Buffer.alloc(0);
    const frames: MediaEntry[] = [];
    const { entries, context } = segment.source;
    entries.visit(part.from, part.to, (entry) => {
      if (entry.kind === "media") frames.push(entry);
    });
    const made = packagePart(context, part.mark, frames, part.end);
    bytes.parts[at] = made;
    return made;
  }

  private wholeSegment(segment: IndexedSegment): Buffer {
    const bytes = this.bytesOf(segment);
    if (bytes.whole) return bytes.whole;
    const whole = Buffer.concat(segment.parts.map((_, i) => this.part(segment, i)));
    let at = 0;
    // One copy of them is enough.
    segment.parts.forEach((_, i) => {
      const length = bytes.parts[i]?.length ?? 0;
      bytes.parts[i] = whole.subarray(at, at + length);
      at += length;
    });
    bytes.whole = whole;
    return whole;
  }

  private bytesOf(segment: IndexedSegment): SegmentBytes {
    let bytes = this.bytes.get(segment);
    if (!bytes) {
      bytes = { parts: [], whole: null };
      this.bytes.set(segment, bytes);
    }
    return bytes;
  }
}

function isAfter(place: Place, other: Place): boolean {
  if (place.msn !== other.msn) return place.msn > other.msn;
  if (other.part === null) return false;
  return place.part === null || place.part > other.part;
}

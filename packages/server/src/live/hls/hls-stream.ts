/**
 * Renders and caches the playlists, parts and segments of one HLS stream on request, and holds requests for what does not exist yet
 * (blocking playlist reload). All requests for one part get the same bytes.
 */
import { gzipSync } from "node:zlib";
import { type Subtitles, type Variant, writeMultivariantPlaylist } from "@lectern/media";
import type { Log, MediaEntry } from "../streams/index.ts";
import { liveCaptionPlaylist } from "./caption-playlist.ts";
import { packageInitialisation, packagePart } from "./cmaf-packager.ts";
import { initialisationName, newestPosition, type PlaylistPosition, playlistAt, variantOf } from "./playlist.ts";
import { type IndexedSegment, SegmentIndex } from "./segment-index.ts";
import type { SegmentKeys } from "./segment-keys.ts";

export type PlaylistBytes = {
  readonly plain: Buffer;
  readonly gzip: Buffer;
  /** True for the playlist as of the requested position, which never changes; false for the newest one. */
  readonly cacheable: boolean;
};

/** impossible: the request is too far ahead of the stream. not-here: this process does not have it. */
export type Unavailable = "impossible" | "not-here";

/** Bis section 6.2.5.2: a request that is further ahead than this is refused; in segments, and in seconds of parts. */
const MAX_AHEAD = { segments: 2, seconds: 3 } as const;
/** A request for a position that is at most this far behind gets the playlist as of that position; others get the newest. */
const MAX_SEGMENTS_BEHIND = 1;
/** Cached playlists. A playlist is requested only while its part is the newest one. */
const MAX_PLAYLISTS = 16;

/** No piece of work is longer than this before the event loop gets its turn; requests between two checks of the clock. */
const MAX_HOLD_MS = 4;
const ASKS_PER_CHECK = 128;

type SegmentBytes = { readonly parts: (Buffer | null)[]; whole: Buffer | null };

type RenderedPlaylist = PlaylistPosition & { readonly skip: boolean; readonly ended: boolean; readonly bytes: PlaylistBytes };

export class HlsStream {
  readonly epoch: string;
  private readonly index: SegmentIndex;
  private readonly base: () => string;
  private readonly keys: SegmentKeys | null;
  private readonly window: number;
  private readonly playlists = new Map<string, PlaylistBytes>();
  private readonly bytes = new Map<IndexedSegment, SegmentBytes>();
  /** The playlist that was asked for last. */
  private last: RenderedPlaylist | null = null;
  private readonly waiting = new Set<() => boolean>();
  /** Requests are being asked, in several turns of the event loop. */
  private asking = false;
  /** Something has changed since they began to be asked. */
  private isChanged = false;
  private readonly expected = new WeakSet<Promise<unknown>>();
  private closed = false;

  /**
   * @param up relative path from the playlist to the folder that has the epoch's folder
   * @param window segments that a playlist lists besides the one being written
   * @param keys of segments that are encrypted; null: none is
   */
  constructor(log: Log, up: string | (() => string), window: number, keys: SegmentKeys | null = null) {
    this.epoch = log.epoch;
    this.base = () => `${typeof up === "string" ? up : up()}${log.epoch}/`;
    this.window = window;
    this.keys = keys;
    this.index = new SegmentIndex(log, () => this.changed());
    this.noteNewest();
  }

  get ended(): boolean {
    return this.index.ended;
  }

  /** EXT-X-TARGETDURATION, or what it is likely to become. */
  get targetSeconds(): number {
    return this.index.targets?.segmentSeconds ?? 2;
  }

  /** Requests that are held. */
  get held(): number {
    return this.waiting.size;
  }

  /**
   * The multivariant playlist; null while the first segment is incomplete.
   * @param rungs the variants besides the stream itself
   * @param query of the address of its playlist
   */
  multivariant(
    session: string,
    rungs: readonly Variant[] = [],
    query = "",
    subtitles: Subtitles | null = null,
  ): string | Unavailable | null {
    if (!this.index.targets) return this.ended ? "not-here" : null;
    const variant = variantOf(this.index);
    if (!variant) return "not-here";
    return writeMultivariantPlaylist([{ ...variant, uri: `${session}/index.m3u8${query}` }, ...rungs], subtitles);
  }

  /** The playlist of subtitles beside the media; null while the first segment is incomplete. */
  captions(): string | null {
    const whole = this.index.segments.filter((segment) => segment.whole).slice(-this.window);
    return whole.length === 0 ? null : liveCaptionPlaylist(whole, this.base(), this.targetSeconds, this.ended);
  }

  /** A whole segment; null: it is not here. */
  segment(term: number, msn: number): IndexedSegment | null {
    const segment = this.index.find(msn);
    return segment?.whole && segment.source.head.term === term ? segment : null;
  }

  /** The media playlist as of a position, or the newest one. Null: the request must wait. */
  playlist(asked: PlaylistPosition | null, skip: boolean): PlaylistBytes | Unavailable | null {
    const newest = newestPosition(this.index);
    if (!newest || !this.index.targets) return this.ended ? "not-here" : null;
    if (!asked) return this.newest(newest, skip);
    const position = this.positionOf(asked);
    if (isAfter(position, newest)) {
      if (this.isTooFarAhead(position, newest)) return "impossible";
      return this.ended ? this.newest(newest, skip) : null;
    }
    return position.msn < newest.msn - MAX_SEGMENTS_BEHIND ? this.newest(newest, skip) : this.render(position, skip);
  }

  /** A part, or a whole segment where `part` is null. Null: the request must wait. */
  media(term: number, msn: number, part: number | null): Buffer | Unavailable | null {
    const last = this.index.segments.at(-1);
    const segment = this.index.find(msn);
    if (!segment) {
      // The newest playlist announces the next part before it exists.
      const announced = last && !this.ended && msn === last.source.head.msn + 1 && (part ?? 0) === 0;
      return announced || !last ? null : "not-here";
    }
    if (segment.source.head.term !== term) return "not-here";
    if (part === null) return segment.whole ? this.wholeSegment(segment) : null;
    if (part < segment.parts.length) return this.part(segment, part);
    return segment.whole || part > segment.parts.length ? "not-here" : null;
  }

  /** An initialisation segment by its name. */
  initialisation(name: string): Buffer | Unavailable | null {
    const segment = this.index.segments.findLast((other) => initialisationName(other) === name);
    if (!segment) return this.index.segments.length === 0 ? null : "not-here";
    return packageInitialisation(segment.source.context) ?? "not-here";
  }

  /** Calls `ask` at each change until it returns true. Returns a function that cancels the wait. */
  wait(ask: () => boolean): () => void {
    this.waiting.add(ask);
    return () => this.waiting.delete(ask);
  }

  /** Asks what waits once more when something is made that it waits for. */
  askAfter(made: Promise<unknown>): void {
    if (this.expected.has(made)) return;
    this.expected.add(made);
    void made.then(() => this.closed || this.ask());
  }

  close(): void {
    this.closed = true;
    this.index.close();
    for (const ask of [...this.waiting]) ask();
    this.waiting.clear();
  }

  private noteNewest(): void {
    const newest = this.index.segments.at(-1);
    if (newest) this.keys?.began(newest.source.head.msn);
  }

  private changed(): void {
    this.noteNewest();
    this.ask();
    if (this.bytes.size <= this.index.segments.length) return;
    const kept = new Set(this.index.segments);
    for (const segment of this.bytes.keys()) if (!kept.has(segment)) this.bytes.delete(segment);
  }

  private ask(): void {
    this.isChanged = true;
    if (!this.asking) this.askAll();
  }

  /** Asks all requests that wait, in pieces: thousands of answers take a tenth of a second, and live viewers must not wait for it. */
  private askAll(): void {
    this.isChanged = false;
    this.asking = true;
    const asks = this.waiting.values();
    // Requests that begin to wait meanwhile are asked last.
    let left = this.waiting.size;
    const askSome = (): void => {
      const until = performance.now() + MAX_HOLD_MS;
      for (let asked = 1; left > 0 && !this.closed; asked++, left--) {
        const ask = asks.next().value;
        if (!ask) break;
        if (ask()) this.waiting.delete(ask);
        if (asked % ASKS_PER_CHECK === 0 && performance.now() >= until) {
          left--;
          setImmediate(askSome);
          return;
        }
      }
      this.asking = false;
      // The first ones were asked before the newest change.
      if (this.isChanged && !this.closed) this.askAll();
    };
    askSome();
  }

  /** A part behind the last one of a whole segment is the first of the next: bis section 6.2.5.2. */
  private positionOf({ msn, part }: PlaylistPosition): PlaylistPosition {
    const segment = this.index.find(msn);
    if (part === null || !segment?.whole || part < segment.parts.length) return { msn, part };
    return { msn: msn + 1, part: 0 };
  }

  private isTooFarAhead(position: PlaylistPosition, newest: PlaylistPosition): boolean {
    if (position.msn > newest.msn + MAX_AHEAD.segments) return true;
    const target = (this.index.targets?.partMs ?? 1000) / 1000;
    const limit = target < 1 ? Math.ceil(MAX_AHEAD.seconds / target) : MAX_AHEAD.seconds;
    const newestPart = position.msn === newest.msn ? (newest.part ?? 0) : 0;
    return (position.part ?? 0) > newestPart + limit;
  }

  private newest(position: PlaylistPosition, skip: boolean): PlaylistBytes {
    return { ...this.render(position, skip), cacheable: false };
  }

  private render(position: PlaylistPosition, skip: boolean): PlaylistBytes {
    const { msn, part } = position;
    const { last } = this;
    // Held requests ask for the same one thousands of times in a row.
    if (last?.msn === msn && last.part === part && last.skip === skip && last.ended === this.ended) return last.bytes;
    const bytes = this.rendered(position, skip);
    this.last = { msn, part, skip, ended: this.ended, bytes };
    return bytes;
  }

  private rendered(position: PlaylistPosition, skip: boolean): PlaylistBytes {
    const base = this.base();
    const key = `${position.msn}.${position.part}.${skip}.${this.ended} ${base}`;
    const known = this.playlists.get(key);
    if (known) return known;
    const plain = Buffer.from(playlistAt(this.index, base, position, this.window, skip, (msn) => this.keys?.of(msn) ?? null));
    const made = { plain, gzip: gzipSync(plain), cacheable: true };
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
    // The parts become views of the segment, so the bytes are in memory once.
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

function isAfter(position: PlaylistPosition, other: PlaylistPosition): boolean {
  if (position.msn !== other.msn) return position.msn > other.msn;
  if (other.part === null) return false;
  return position.part === null || position.part > other.part;
}

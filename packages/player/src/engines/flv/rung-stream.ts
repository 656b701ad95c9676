/**
 * Provides one rung as it is received: its connection, how fast it arrives, and its tags. While another rung is shown, the tags since the newest key
 * frame that may be needed are kept.
 */
import type { FlvTag } from "@lectern/media";
import type { Problem } from "../problem.ts";
import type { Rung } from "../rung-list.ts";
import { type Undecodable, undecodableOfScript } from "../undecodable.ts";
import { Arrivals } from "./arrivals.ts";
import { type FlvConnection, openFlv } from "./flv-connection.ts";
import { type FlvTracks, kindOf, type TagKind } from "./flv-tags.ts";

/** A tag and what it is. */
export type Tagged = { readonly tag: FlvTag; readonly kind: TagKind };

export type RungStreamEvents = {
  /** Frames and changed configurations. While the stream is not shown, it keeps them itself. */
  readonly onTags: (tags: readonly Tagged[]) => void;
  /** The stream's metadata tell which track nobody can decode; null: none. */
  readonly onUndecodable: (track: Undecodable | null) => void;
  readonly onEnd: () => void;
  readonly onProblem: (problem: Problem, detail: string) => void;
};

/** Where a stream begins for a viewer: the configurations that hold before its first frame. */
export type StreamHead = {
  readonly script: FlvTag | null;
  readonly video: FlvTag | null;
  readonly audio: FlvTag | null;
};

/** More than this is kept of no rung: a viewer who waits so long for a key frame does not change. */
const MAX_KEPT_MS = 40_000;

export class RungStream {
  /** Null: the stream itself, before its rungs are known. */
  readonly rung: Rung | null;
  arrivals: Arrivals | null = null;
  /** Those that it began with, and those that have come since. */
  tracks: FlvTracks = { audio: false, video: false };
  head: StreamHead = { script: null, video: null, audio: null };
  /** Milliseconds; null before the server has answered. */
  openedAt: number | null = null;
  lastBytesAt: number;
  private keptTags: Tagged[] = [];
  private readonly connection: FlvConnection;
  private closed = false;

  constructor(url: string, rung: Rung | null, events: RungStreamEvents) {
    this.rung = rung;
    this.lastBytesAt = performance.now();
    this.connection = openFlv(url, {
      onOpen: () => {
        this.openedAt = performance.now();
        this.arrivals = new Arrivals(this.openedAt);
      },
      onTags: (tags, bytes, tracks) => {
        const tagged = tags.map((tag) => ({ tag, kind: kindOf(tag) }));
        this.tracks = tracksWith({ audio: tracks.audio || this.tracks.audio, video: tracks.video || this.tracks.video }, tagged);
        this.measure(tagged, bytes);
        for (const one of tagged) {
          this.head = headWith(this.head, one);
          if (one.kind.kind === "script") events.onUndecodable(undecodableOfScript(one.tag.body));
        }
        events.onTags(tagged);
      },
      onEnd: events.onEnd,
      onProblem: events.onProblem,
    });
  }

  /** No more arrives, but what has arrived stays. */
  get isCut(): boolean {
    return this.closed;
  }

  get kept(): readonly Tagged[] {
    return this.keptTags;
  }

  /** Keeps tags of a stream that is not shown yet. */
  keep(tags: readonly Tagged[]): void {
    this.keptTags.push(...tags.filter(({ kind }) => isFrame(kind)));
    const newest = this.keptTags.at(-1)?.tag.timestamp ?? 0;
    const oldest = this.keptTags[0]?.tag.timestamp ?? 0;
    if (newest - oldest > MAX_KEPT_MS) this.keptTags = this.keptTags.filter(({ tag }) => newest - tag.timestamp < MAX_KEPT_MS / 2);
  }

  /** Gives the kept tags, and keeps none. */
  take(): readonly Tagged[] {
    const taken = this.keptTags;
    this.keptTags = [];
    return taken;
  }

  close(): void {
    this.closed = true;
    this.connection.close();
  }

  private measure(tags: readonly Tagged[], bytes: number): void {
    const now = performance.now();
    this.lastBytesAt = now;
    const times = tags.filter(({ kind }) => isFrame(kind)).map(({ tag }) => tag.timestamp);
    this.arrivals?.add(now, bytes, times.length === 0 ? null : Math.max(...times));
  }
}

/** Whether a tag has a frame of sound or picture. */
export function isFrame({ kind }: TagKind): boolean {
  return kind === "audio" || kind === "video" || kind === "key";
}

function tracksWith(tracks: FlvTracks, tags: readonly Tagged[]): FlvTracks {
  if (tracks.audio && tracks.video) return tracks;
  const has = (track: "audio" | "video") => tracks[track] || tags.some(({ kind }) => trackOf(kind) === track);
  return { audio: has("audio"), video: has("video") };
}

/** The track that a tag belongs to; null: none. */
export function trackOf({ kind }: TagKind): "audio" | "video" | null {
  if (kind === "script") return null;
  return kind === "audio" || kind === "audio-configuration" ? "audio" : "video";
}

function headWith(head: StreamHead, { tag, kind: { kind } }: Tagged): StreamHead {
  switch (kind) {
    case "script":
      return { ...head, script: tag };
    case "video-configuration":
      return { ...head, video: tag };
    case "audio-configuration":
      return { ...head, audio: tag };
    default:
      return head;
  }
}

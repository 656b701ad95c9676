/**
 * Finds a track that has stopped: the publisher sends no sound any more, or no picture, and its configuration is still there. Media Source Extensions
 * show only what every track of an element has, so that the picture would wait for the sound without end. The element then goes on without the track,
 * and has it again when it is back. It is the same with a track that the stream had not when the viewer came. Pure: tags in, tags out.
 */
import type { FlvTag } from "@lectern/media";
import { type EngineStart, isSoundStillLeftOut } from "../engine.ts";
import { undecodableOfScript } from "../undecodable.ts";
import type { FlvTracks } from "./flv-tags.ts";
import { isFrame, type StreamHead, type Tagged, trackOf } from "./rung-stream.ts";

export type Track = "audio" | "video";

/** Tracks of a stream are tenths of a second apart. One whose newest frame is so much older than that of the other has stopped, milliseconds. */
const STOPPED_MS = 1500;
/** From here on, what goes on is kept, to begin again with. */
const LATE_MS = 500;
/** So much of a track that had stopped makes it be there again. */
const BACK_MS = 200;
/** A picture that comes again needs a key frame; sound is kept for no longer. */
const MAX_KEPT_MS = 4000;

export class StoppedTrack {
  /** What the element does without; null: nothing. */
  readonly without: Track | null;
  private readonly isWatched: boolean;
  private readonly newest: { audio: number | null; video: number | null } = { audio: null, video: null };
  private first: number | null = null;
  /** Frames since the newest key frame, or of sound alone the last ones, as long as they may be needed. */
  private kept: Tagged[] = [];
  /** A track that nobody can decode does not return, though it comes. */
  private isUndecodable: boolean;
  private readonly audio: FlvTag | null;

  constructor(head: StreamHead, without: Track | null = null) {
    const { audio, video } = head;
    this.audio = audio;
    this.isUndecodable = undecodableIn(head) !== null;
    this.isWatched = without !== null || (audio !== null && video !== null);
    this.without = without;
  }

  /** Takes frames that have come. Gives those that the element gets. */
  push(tags: readonly Tagged[]): readonly Tagged[] {
    if (!this.isWatched) return tags;
    for (const one of tags) this.take(one);
    const { without } = this;
    return without === null ? tags : tags.filter(({ kind }) => trackOf(kind) !== without);
  }

  /** A track that has stopped, and what has come of the other one, from where it can be begun with. */
  get stopped(): { readonly track: Track; readonly others: readonly Tagged[] } | null {
    const track = this.without === null ? this.lateBy(STOPPED_MS) : null;
    const others = track === null ? [] : this.kept.filter(({ kind }) => trackOf(kind) !== track);
    return track !== null && spanOf(others) >= BACK_MS ? { track, others } : null;
  }

  /** What has come of both tracks, from a key frame on, once the one that had stopped comes again; null before. */
  get returned(): readonly Tagged[] | null {
    const { without, kept } = this;
    if (without === null || this.isUndecodable || !this.beginsWithKey) return null;
    return [without, other(without)].every((track) => spanOf(kept.filter(({ kind }) => trackOf(kind) === track)) >= BACK_MS)
      ? kept
      : null;
  }

  /** Else it is sound alone. */
  private get beginsWithKey(): boolean {
    return this.kept[0]?.kind.kind === "key";
  }

  private take(one: Tagged): void {
    if (one.kind.kind === "script") this.takeScript(one);
    const track = trackOf(one.kind);
    if (track === null || !isFrame(one.kind)) return;
    const { timestamp } = one.tag;
    this.first ??= timestamp;
    this.newest[track] = Math.max(timestamp, this.newest[track] ?? timestamp);
    if (this.without === null && this.lateBy(LATE_MS) === null && this.newest.audio !== null && this.newest.video !== null) {
      this.kept = [];
      return;
    }
    if (one.kind.kind === "key") this.kept = [one];
    else if (this.beginsWithKey || track === "audio") this.kept.push(one);
    if (this.beginsWithKey) return;
    while (spanOf(this.kept) > MAX_KEPT_MS) this.kept.shift();
  }

  /** A track that can be decoded again begins with what comes from now on. */
  private takeScript({ tag }: Tagged): void {
    const before = this.isUndecodable;
    this.isUndecodable = undecodableIn({ script: tag, audio: this.audio }) !== null;
    if (before && !this.isUndecodable) this.kept = [];
  }

  /** The track that is so much behind the other one; null: none is. */
  private lateBy(ms: number): Track | null {
    const { newest, first } = this;
    const [audio, video] = [newest.audio ?? first ?? 0, newest.video ?? first ?? 0];
    if (Math.abs(audio - video) < ms) return null;
    return audio < video ? "audio" : "video";
  }
}

/**
 * The track that the element does without: one that the stream has not or that the server says nobody can decode, or sound that could not be decoded, for
 * now. Null: it has both.
 */
export function missingOf(
  { tracks, head }: { readonly tracks: FlvTracks; readonly head: StreamHead },
  options: Pick<EngineStart, "soundLeftOutUntil">,
): Track | null {
  const undecodable = undecodableIn(head);
  if (!tracks.video || (tracks.audio && undecodable === "video")) return "video";
  return !tracks.audio || undecodable === "audio" || isSoundStillLeftOut(options) ? "audio" : null;
}

/** As the server says. In the place of sound with a configuration, it sends silence. */
function undecodableIn({ script, audio }: Pick<StreamHead, "script" | "audio">): Track | null {
  const track = script && undecodableOfScript(script.body);
  return track === "audio" && audio !== null ? null : track;
}

const other = (track: Track): Track => (track === "audio" ? "video" : "audio");

/** Milliseconds from the first of some frames to the last. */
function spanOf(tags: readonly Tagged[]): number {
  return (tags.at(-1)?.tag.timestamp ?? 0) - (tags[0]?.tag.timestamp ?? 0);
}

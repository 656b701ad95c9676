/**
 * Joins two rungs of a stream to one. Rungs have key frames at the same times, so the viewer's stream goes on with the other rung at a key
 * frame: all frames before it are of the one, all later ones of the other, and the sound has neither gap nor repetition. Pure: tags in,
 * tags out.
 */
import { isSameBody } from "./flv-tags.ts";
import { isFrame, type StreamHead, type Tagged } from "./rung-stream.ts";

/** What is known of the rung that the viewer goes over to. */
export type Upcoming = { readonly kept: readonly Tagged[]; readonly head: StreamHead };

/**
 * yes: now. not-yet: its key frame has not arrived. no-key-frame: it has none at this time, perhaps at the next. other-format: the decoder
 * cannot go on with it.
 */
export type JoinAnswer = "yes" | "not-yet" | "no-key-frame" | "other-format";

/** Key frames of rungs have the same times, but for rounding. */
const SAME_TIME_MS = 1;
/** The sound format that announces a FourCC. */
const ENHANCED_AUDIO = 9;

export class Splice {
  /** Frames from a key frame on, which are held back until the other rung has this key frame too; null when none are. */
  private held: Tagged[] | null = null;
  private lastAudioMs = Number.NEGATIVE_INFINITY;
  private head: StreamHead;

  /** @param head the configurations that the decoder has */
  constructor(head: StreamHead) {
    this.head = head;
  }

  /** Frames wait for the other rung. */
  get isHolding(): boolean {
    return this.held !== null;
  }

  /**
   * Takes tags of the rung that is shown, and returns those that go on.
   * @param joining whether the viewer goes over at the next key frame
   */
  push(tags: readonly Tagged[], joining: boolean): readonly Tagged[] {
    const onwards: Tagged[] = [];
    for (const one of tags) {
      if (this.held) this.held.push(one);
      else if (joining && one.kind.kind === "key") this.held = [one];
      else onwards.push(one);
    }
    return this.sent(onwards);
  }

  /** Lets held frames go on: the other rung has not come in time. */
  release(): readonly Tagged[] {
    const held = this.held ?? [];
    this.held = null;
    return this.sent(held);
  }

  /** Whether the other rung can go on at the key frame that is held back. */
  canJoin({ kept, head }: Upcoming): JoinAnswer {
    const at = this.held?.[0];
    if (at?.kind.kind !== "key") return "not-yet";
    const { kind } = at;
    const key = keyAt(kept, at.tag.timestamp);
    if (key?.kind.kind === "key") {
      const isSameVideo = key.kind.codec === kind.codec && key.kind.compositionOffset === kind.compositionOffset;
      if (!isSameVideo || audioCodec(head) !== audioCodec(this.head)) return "other-format";
      return "yes";
    }
    const newest = kept.findLast((one) => one.kind.kind === "key" || one.kind.kind === "video");
    return newest && newest.tag.timestamp > at.tag.timestamp + SAME_TIME_MS ? "no-key-frame" : "not-yet";
  }

  /**
   * Goes on with the other rung, which becomes the one that is shown; `canJoin` must say yes.
   * @returns its configurations, and its frames from the key frame on
   */
  join({ kept, head }: Upcoming): readonly Tagged[] {
    const key = this.held?.[0];
    const from = keyAt(kept, key?.tag.timestamp ?? 0)?.tag.timestamp ?? 0;
    this.held = null;
    const frames = kept.filter(({ tag, kind }) =>
      kind.kind === "audio" ? tag.timestamp > this.lastAudioMs : tag.timestamp >= from,
    );
    const configurations = [
      ...(isSameBody(head.video, this.head.video) ? [] : configuration(head.video, "video-configuration")),
      ...(isSameBody(head.audio, this.head.audio) ? [] : configuration(head.audio, "audio-configuration")),
    ];
    return this.sent([...configurations, ...frames]);
  }

  private sent(tags: readonly Tagged[]): readonly Tagged[] {
    for (const { tag, kind } of tags) {
      if (kind.kind === "audio") this.lastAudioMs = Math.max(this.lastAudioMs, tag.timestamp);
      else if (kind.kind === "video-configuration") this.head = { ...this.head, video: tag };
      else if (kind.kind === "audio-configuration") this.head = { ...this.head, audio: tag };
    }
    return tags;
  }
}

/** The frames to begin with at a time: from the last key frame before it. Empty when there is none. */
export function framesFrom(kept: readonly Tagged[], positionMs: number): readonly Tagged[] {
  const hasVideo = kept.some(({ kind }) => kind.kind === "key" || kind.kind === "video");
  const keys = kept.filter(({ kind }) => kind.kind === "key");
  const key = keys.findLast(({ tag }) => tag.timestamp <= positionMs) ?? keys[0];
  if (hasVideo && !key) return [];
  const from = key ? key.tag.timestamp : positionMs;
  return kept.filter(({ tag, kind }) => isFrame(kind) && tag.timestamp >= from);
}

function keyAt(kept: readonly Tagged[], timestamp: number): Tagged | undefined {
  return kept.find(({ tag, kind }) => kind.kind === "key" && Math.abs(tag.timestamp - timestamp) <= SAME_TIME_MS);
}

/** The codec of a sound configuration: its format, and in enhanced FLV its FourCC. */
function audioCodec({ audio }: StreamHead): string {
  const [first = 0, ...more] = audio?.body.subarray(0, 5) ?? [];
  return first >> 4 === ENHANCED_AUDIO ? String.fromCharCode(...more) : String(first >> 4);
}

function configuration(tag: StreamHead["video"], kind: "video-configuration" | "audio-configuration"): readonly Tagged[] {
  return tag ? [{ tag, kind: { kind } }] : [];
}

/** Where in some frames a player is, seconds from the first. @param mediaTime of the stream, milliseconds; null where it is not known */
export function placeIn(frames: readonly Tagged[], mediaTime: number | null): number {
  const from = Math.min(...frames.map(({ tag }) => tag.timestamp));
  return mediaTime === null ? 0 : Math.max(0, mediaTime - from) / 1000;
}

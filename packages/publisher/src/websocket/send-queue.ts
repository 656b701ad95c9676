/**
 * Provides tags that wait for the network. It holds a second of media at most: what is older is left out up to the next key frame, which is asked of
 * the encoder at once. Sound is small, and waits longer.
 */

export type QueuedTag = {
  readonly bytes: Uint8Array;
  readonly kind: "setup" | "key" | "delta" | "sound";
  /** Milliseconds of the stream. */
  readonly time: number;
};

/** A tag that waits. `at`: when it was encoded, milliseconds of the machine's clock. */
export type WaitingTag = QueuedTag & { readonly at: number };

const MAX_WAIT_MS = { picture: 1000, sound: 3000 } as const;
/** A part of the sound is kept when it is too much: one gap instead of many. */
const KEPT_SOUND_MS = 1500;
/** Whatever the times say. */
const MAX_BYTES = 4 * 1024 * 1024;

export class SendQueue {
  private readonly onKeyFrameWanted: () => void;
  private tags: WaitingTag[] = [];
  private bytes = 0;
  private awaitsKey = false;
  private dropped = 0;

  /** @param onKeyFrameWanted pictures were left out: nothing can be sent before a key frame */
  constructor(onKeyFrameWanted: () => void) {
    this.onKeyFrameWanted = onKeyFrameWanted;
  }

  /** Pictures that were left out. */
  get droppedFrames(): number {
    return this.dropped;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.bytes;
  }

  /** How much media waits, milliseconds. */
  get waitingMs(): number {
    return spanOf(this.tags);
  }

  /** When the oldest tag was encoded; null: none waits. */
  get oldestAt(): number | null {
    return this.tags[0]?.at ?? null;
  }

  /** Adds a tag. True: pictures had to be left out. @param now milliseconds of the machine's clock */
  push(queued: QueuedTag, now: number): boolean {
    const tag: WaitingTag = { ...queued, at: now };
    if (tag.kind === "delta" && this.awaitsKey) {
      this.dropped++;
      return false;
    }
    if (tag.kind === "key") this.awaitsKey = false;
    this.tags.push(tag);
    this.bytes += tag.bytes.length;
    const pictures = this.tags.filter(isVideo);
    const isTooMuch = spanOf(pictures) > MAX_WAIT_MS.picture || this.bytes > MAX_BYTES;
    if (isTooMuch && pictures.length > 0) this.dropFrames(tag.kind === "key" ? tag : null);
    const sound = this.tags.filter(({ kind }) => kind === "sound");
    if (spanOf(sound) > MAX_WAIT_MS.sound) this.keep((other) => other.kind !== "sound" || other.time > tag.time - KEPT_SOUND_MS);
    return isTooMuch && pictures.length > 0;
  }

  /** The tag that is to be sent next, or null. */
  take(): WaitingTag | null {
    const tag = this.tags.shift() ?? null;
    if (tag) this.bytes -= tag.bytes.length;
    return tag;
  }

  private dropFrames(key: WaitingTag | null): void {
    const before = this.tags.filter(isVideo).length;
    this.keep((tag) => !isVideo(tag) || tag === key);
    this.dropped += before - (key ? 1 : 0);
    this.awaitsKey = key === null;
    if (this.awaitsKey) this.onKeyFrameWanted();
  }

  private keep(isKept: (tag: WaitingTag) => boolean): void {
    this.tags = this.tags.filter(isKept);
    this.bytes = this.tags.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
}

function isVideo({ kind }: QueuedTag): boolean {
  return kind === "key" || kind === "delta";
}

function spanOf(tags: readonly QueuedTag[]): number {
  return (tags.at(-1)?.time ?? 0) - (tags[0]?.time ?? 0);
}

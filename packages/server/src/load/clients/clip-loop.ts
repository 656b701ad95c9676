/** Plays an FLV clip over and over: says which tags are due, with times that go on from one round to the next. */
import { FlvReader, MESSAGE_TYPE } from "@lectern/media";

export type ClipTag = { readonly type: number; readonly timestamp: number; readonly body: Uint8Array };

export type Clip = {
  /** Sound and video; the configurations of decoders come first. */
  readonly tags: readonly ClipTag[];
  readonly spanMs: number;
  readonly kbps: number;
};

const MAX_TAG_BYTES = 1 << 24;
/** Between the last tag of a round and the first of the next. */
const LAST_MS = 33;
/** Configurations are among the first tags; they are sent once. */
const FIRST_TAGS = 4;

/** @throws Error where the file has no video or sound */
export function readClip(bytes: Uint8Array): Clip {
  const tags: ClipTag[] = [];
  const onTag = ({ type, timestamp, body }: ClipTag): void => {
    if (type !== MESSAGE_TYPE.data) tags.push({ type, timestamp, body: body.slice() });
  };
  new FlvReader({ maxTagBytes: MAX_TAG_BYTES, onTag }).push(bytes);
  const last = tags.at(-1);
  if (!last || last.timestamp === 0) throw new Error("the clip has no sound and no video");
  const spanMs = last.timestamp + LAST_MS;
  return { tags, spanMs, kbps: Math.round((bytes.length * 8) / spanMs) };
}

export class ClipLoop {
  private readonly clip: Clip;
  private next = 0;

  constructor(clip: Clip) {
    this.clip = clip;
  }

  /** Calls with each tag that is due and was not before. @param elapsedMs since the beginning */
  send(elapsedMs: number, onTag: (tag: ClipTag, timestamp: number) => void): void {
    const { tags, spanMs } = this.clip;
    for (;;) {
      const at = this.next % tags.length;
      const tag = tags[at];
      if (!tag) return;
      const round = Math.floor(this.next / tags.length);
      const timestamp = tag.timestamp + round * spanMs;
      if (timestamp > elapsedMs) return;
      this.next++;
      const isConfiguration = tag.body[1] === 0 && tag.timestamp === 0 && at < FIRST_TAGS;
      if (round === 0 || !isConfiguration) onTag(tag, timestamp);
    }
  }
}

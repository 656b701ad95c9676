/** Provides the newest frames that the decoder has been given, by which the player knows where it is in the stream. */
import { isFrame, type Tagged } from "./rung-stream.ts";

/** A stream of sound and picture has no longer gap than this, but where frames were left out. */
const JUMP_MS = 1000;

export class FedFrames {
  /** Milliseconds of the stream's clock; null: none. */
  video: number | null = null;
  audio: number | null = null;

  /** Up to where the decoder has every track that it was given. */
  get upTo(): number | null {
    const { video, audio } = this;
    return video === null ? audio : audio === null ? video : Math.min(video, audio);
  }

  note(tags: readonly Tagged[]): void {
    for (const { tag, kind } of tags) {
      if (kind.kind === "audio") this.audio = tag.timestamp;
      else if (isFrame(kind)) this.video = tag.timestamp;
    }
  }

  /** Whether frames were left out before these, because the connection could not carry them: the last ones would stand until these begin. */
  hasJumped(tags: readonly Tagged[]): boolean {
    const { video, audio } = this;
    const first = tags.find(({ kind }) => isFrame(kind))?.tag.timestamp;
    return first !== undefined && video !== null && audio !== null && Math.abs(first - Math.max(video, audio)) > JUMP_MS;
  }
}

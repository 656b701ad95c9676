/** Keeps the newest configurations and the frames since the last key frame of a source, for the moment when it is published. */
import type { SourceFrame, SourceMessage } from "../streams/index.ts";
import { ownCopy } from "./source-pacer.ts";

const MAX_BYTES = 8 * 1024 * 1024;
/** Frames of sound that are kept where there are no pictures. */
const MAX_SOUND_FRAMES = 50;

export class LastGop {
  private readonly configurations = new Map<string, SourceMessage>();
  private frames: SourceFrame[] = [];
  private bytes = 0;
  private hasVideo = false;

  /** The message may be changed afterwards. */
  push(message: SourceMessage): void {
    if (message.kind === "data" || message.kind === "fault") return;
    if (message.kind === "metadata") {
      this.configurations.set("metadata", message);
      return;
    }
    if (message.track === "video") this.hasVideo = true;
    const copy = ownCopy(message);
    if (copy.kind === "configuration") this.configurations.set(message.track, copy);
    if (copy.kind === "frame") this.keep(copy);
  }

  /** Everything that is held, in the order in which it is to be published. Nothing is held any more. */
  take(): readonly SourceMessage[] {
    const all = [...this.configurations.values(), ...this.frames];
    this.forgetFrames();
    return all;
  }

  private keep(frame: SourceFrame): void {
    // Of a key frame whose parts are messages of their own, each is marked as one.
    const isPart = this.frames[0]?.track === "video" && this.frames[0].timestamp === frame.timestamp;
    const beginsGop = frame.track === "video" && frame.key && !isPart;
    if (beginsGop || this.bytes > MAX_BYTES) this.forgetFrames();
    // After a GOP that was too large to be kept, nothing can be decoded before the next one.
    if (this.hasVideo && !beginsGop && this.frames.length === 0) return;
    if (!this.hasVideo && this.frames.length >= MAX_SOUND_FRAMES) this.bytes -= this.frames.shift()?.payload.length ?? 0;
    this.frames.push(frame);
    this.bytes += frame.payload.length;
  }

  private forgetFrames(): void {
    this.frames = [];
    this.bytes = 0;
  }
}

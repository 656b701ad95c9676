/**
 * Leaves a picture that does not arrive in time: hls.js finishes the part that it has begun, which takes seconds on a line that has become slow. The
 * smallest picture is loaded instead, and automatic quality chooses again when that has played for a while.
 */
import type { HlsLibrary } from "./library.ts";

/** Nothing is left to show for so long. */
const STILL_MS = 300;
/** So long the smallest picture plays before automatic quality knows the line again. */
const PLAYED_MS = 4000;

export class StepDown {
  private readonly hls: InstanceType<HlsLibrary>;
  private since: number | null = null;
  /** Since when the smallest picture plays; null: automatic quality chooses. */
  private playsSince: number | null = null;

  constructor(hls: InstanceType<HlsLibrary>) {
    this.hls = hls;
  }

  /**
   * Called a few times a second, while quality is automatic.
   * @param isWanting the element has stopped, and the playlist lists what it has not
   * @param smallest index of the level with the smallest picture
   * @param now milliseconds
   */
  look(isWanting: boolean, smallest: number, now: number): void {
    const { hls } = this;
    if (this.playsSince !== null) {
      if (isWanting) this.playsSince = now;
      if (now - this.playsSince < PLAYED_MS) return;
      this.playsSince = null;
      hls.loadLevel = -1;
    }
    this.since = isWanting && hls.loadLevel !== smallest ? (this.since ?? now) : null;
    if (this.since === null || now - this.since < STILL_MS) return;
    this.since = null;
    this.playsSince = now;
    hls.stopLoad();
    hls.bandwidthEstimate = hls.levels[smallest]?.bitrate ?? 0;
    hls.loadLevel = smallest;
    hls.startLoad();
  }

  /** A person has chosen, or another source is loaded. */
  reset(): void {
    this.since = null;
    this.playsSince = null;
  }
}

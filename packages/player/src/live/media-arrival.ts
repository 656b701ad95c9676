/** Notes when media have arrived last, by the end of the buffer. */

export class MediaArrival {
  /** Milliseconds of `performance.now`. */
  at = 0;
  private endSeconds = 0;

  /** @param now milliseconds of `performance.now` */
  restart(now: number): void {
    this.at = now;
    this.endSeconds = 0;
  }

  /** @param otherRungAt when media of another rung have arrived last; null: there are none on their way */
  note({ buffered }: HTMLMediaElement, otherRungAt: number | null, now: number): void {
    const seconds = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
    this.at = seconds === this.endSeconds ? Math.max(this.at, otherRungAt ?? 0) : now;
    this.endSeconds = seconds;
  }
}

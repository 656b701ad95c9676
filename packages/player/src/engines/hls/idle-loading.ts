/**
 * Notices that hls.js loads nothing, though more is listed and the element has stopped for want of it. It happens in hls.js 1.7.4 where a picture ends before
 * its sound: the element goes on with the sound, past what the browser reports as buffered, and hls.js then waits for parts that it has, until the playlist does
 * not list them any more. Once all is loaded again, it goes on.
 */
import type { HlsLibrary } from "./library.ts";

/** A part of a stream with parts takes less, and so does the pause before a failed request is repeated once. */
const IDLE_MS = 2000;

export class IdleLoading {
  private isLoading = false;
  /** When the element began to want what is listed, or a load ended; null: it does not want anything. */
  private since: number | null = null;

  constructor(Hls: HlsLibrary, hls: InstanceType<HlsLibrary>) {
    const { Events } = Hls;
    const ended = (): void => {
      this.isLoading = false;
      this.since = null;
    };
    for (const event of [Events.KEY_LOADING, Events.FRAG_LOADING] as const) hls.on(event, () => (this.isLoading = true));
    for (const event of [Events.FRAG_BUFFERED, Events.FRAG_LOAD_EMERGENCY_ABORTED, Events.ERROR, Events.MANIFEST_LOADING] as const)
      hls.on(event, ended);
  }

  /**
   * Called a few times a second.
   * @param isWanting the element has stopped, and the playlist lists what it has not
   * @param now milliseconds
   * @returns whether that has lasted for too long, while nothing was loaded
   */
  look(isWanting: boolean, now: number): boolean {
    if (!isWanting || this.isLoading) this.since = null;
    else this.since ??= now;
    return this.since !== null && now - this.since >= IDLE_MS;
  }
}

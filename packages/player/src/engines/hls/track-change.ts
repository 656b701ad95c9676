/**
 * Notices that what hls.js loads has other tracks than the element has buffers for, as where a publisher has gone on without sound. Media Source
 * Extensions take other tracks into no buffer, and would wait for those that do not come: once the element has shown what it has, all is loaded again.
 */
import { bufferedAhead, lacksMedia } from "../buffered-ahead.ts";
import type { HlsLibrary } from "./library.ts";

/** With so many seconds ahead or less, the element has shown what it has: where it goes on, and where it has stopped. Chromium stops before the end. */
const SHOWN_BELOW = { playing: 0.12, stopped: 0.5 } as const;
/** What comes begins so many seconds behind that, at most. */
const SEAM_SECONDS = 1;

export class TrackChange {
  private tracks: string | null = null;
  /** Where other tracks begin, seconds of the element; null: what comes fits. */
  private at: number | null = null;

  constructor(Hls: HlsLibrary, hls: InstanceType<HlsLibrary>) {
    let begins = 0;
    hls.on(Hls.Events.FRAG_LOADING, (_event, { frag }) => {
      if (frag.sn !== "initSegment") begins = frag.start;
    });
    hls.on(Hls.Events.BUFFER_CODECS, (_event, { audio, video, audiovideo }) => {
      const tracks = [audio, video, audiovideo].map((track) => (track ? 1 : 0)).join("");
      this.tracks ??= tracks;
      this.at = tracks === this.tracks ? null : begins;
    });
  }

  /** Whether other tracks have come. hls.js fails then, as there is no buffer for them. */
  get isSeen(): boolean {
    return this.at !== null;
  }

  /** Where to go on, seconds, once the element has nothing more to show of what was before; null until then. */
  placeBehind(video: Pick<HTMLVideoElement, "buffered" | "currentTime" | "readyState">): number | null {
    const { at } = this;
    if (at === null || bufferedAhead(video) > SHOWN_BELOW[lacksMedia(video) ? "stopped" : "playing"]) return null;
    const { currentTime } = video;
    return at > currentTime && at - currentTime < SEAM_SECONDS ? at : currentTime;
  }

  /** All is loaded again. */
  reset(): void {
    this.tracks = null;
    this.at = null;
  }
}

/** Shows a thumbnail and the time above the seek bar, at the position of the pointer. */
import { formatDuration } from "../controls/format-duration.ts";
import { element, setText } from "../controls/widgets.ts";

/** The server keeps one thumbnail for each ten seconds of wall-clock time. */
const PREVIEW_SECONDS = 10;
/** The thumbnail loads once the pointer has rested this long. */
const REST_MS = 80;

/** The part of hls.js's level details that maps a position to wall-clock time. */
export type TimedPlaylist = {
  readonly url: string;
  readonly fragments: readonly { readonly start: number; readonly programDateTime: number | null }[];
};

export type PreviewSource = {
  /** Seconds. */
  readonly duration: () => number;
  /** The address of the thumbnail at a position in seconds; null where there is none. */
  readonly previewUrl: (seconds: number) => string | null;
};

export class SeekPreview {
  readonly root = element("div", "preview");
  private readonly thumbnail = document.createElement("img");
  private readonly clock = element("span", "");
  private readonly source: PreviewSource;
  private timer = 0;

  constructor(seekBar: HTMLInputElement, source: PreviewSource) {
    this.source = source;
    this.thumbnail.alt = "";
    this.thumbnail.hidden = true;
    this.thumbnail.addEventListener("load", () => {
      this.thumbnail.hidden = false;
    });
    this.thumbnail.addEventListener("error", () => {
      this.thumbnail.hidden = true;
    });
    this.root.append(this.thumbnail, this.clock);
    this.root.hidden = true;
    this.root.setAttribute("aria-hidden", "true");
    seekBar.addEventListener("pointermove", ({ clientX }) => {
      const { left, width } = seekBar.getBoundingClientRect();
      if (width > 0) this.show(Math.max(0, Math.min(1, (clientX - left) / width)));
    });
    for (const event of ["pointerleave", "pointercancel", "blur"]) seekBar.addEventListener(event, () => this.hide());
  }

  hide(): void {
    clearTimeout(this.timer);
    this.root.hidden = true;
  }

  /** @param share of the duration, 0 to 1 */
  private show(share: number): void {
    const duration = this.source.duration();
    if (duration <= 0) return;
    const seconds = share * duration;
    setText(this.clock, formatDuration(seconds));
    this.root.style.setProperty("--at", String(share));
    this.root.hidden = false;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const url = this.source.previewUrl(seconds);
      if (url === null) this.thumbnail.hidden = true;
      else if (this.thumbnail.getAttribute("src") !== url) this.thumbnail.src = url;
    }, REST_MS);
  }
}

/** Wall-clock time of a position, milliseconds since 1970; null where the playlist has no EXT-X-PROGRAM-DATE-TIME. */
export function utcAt(playlist: TimedPlaylist | null, seconds: number): number | null {
  const fragment = playlist?.fragments.findLast(({ start }) => start <= seconds) ?? playlist?.fragments[0];
  return fragment?.programDateTime ? fragment.programDateTime + Math.max(0, seconds - fragment.start) * 1000 : null;
}

/** The position of a wall-clock time, the nearest that the playlist has; null where it has no EXT-X-PROGRAM-DATE-TIME. */
export function secondsAt(playlist: TimedPlaylist | null, utc: number): number | null {
  const dated = playlist?.fragments.filter(({ programDateTime }) => programDateTime !== null) ?? [];
  const place = Math.max(
    0,
    dated.findLastIndex(({ programDateTime }) => (programDateTime ?? 0) <= utc),
  );
  const fragment = dated[place];
  if (!fragment?.programDateTime) return null;
  const seconds = fragment.start + Math.max(0, utc - fragment.programDateTime) / 1000;
  // While the publisher was disconnected, nothing was taken.
  return Math.min(seconds, dated[place + 1]?.start ?? Number.POSITIVE_INFINITY);
}

/** The address of the thumbnail at a position; null where the playlist has no EXT-X-PROGRAM-DATE-TIME. */
export function previewUrl(playlist: TimedPlaylist | null, seconds: number): string | null {
  const utc = utcAt(playlist, seconds);
  if (!playlist || utc === null) return null;
  return new URL(`still-${Math.floor(utc / 1000 / PREVIEW_SECONDS) * PREVIEW_SECONDS}.jpg`, playlist.url).href;
}

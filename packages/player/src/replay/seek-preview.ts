/** What would be shown at a place of the bar that one seeks with: a small picture and the time, above the pointer. */
import { formatDuration } from "../controls/format-duration.ts";
import { element, setText } from "../controls/widgets.ts";

/** The server has one picture for each ten seconds of the clock. */
const PREVIEW_SECONDS = 10;
/** A pointer that moves on within this wants no picture. */
const REST_MS = 80;

export type PreviewSource = {
  /** Seconds of the whole. */
  readonly duration: () => number;
  /** The address of the picture at a time, or null where there is none. @param seconds from the beginning */
  readonly pictureAt: (seconds: number) => string | null;
};

export class SeekPreview {
  readonly root = element("div", "preview");
  private readonly picture = document.createElement("img");
  private readonly clock = element("span", "");
  private readonly source: PreviewSource;
  private timer = 0;

  /** @param seek the bar */
  constructor(seek: HTMLInputElement, source: PreviewSource) {
    this.source = source;
    this.picture.alt = "";
    this.picture.hidden = true;
    this.picture.addEventListener("load", () => {
      this.picture.hidden = false;
    });
    this.picture.addEventListener("error", () => {
      this.picture.hidden = true;
    });
    this.root.append(this.picture, this.clock);
    this.root.hidden = true;
    this.root.setAttribute("aria-hidden", "true");
    seek.addEventListener("pointermove", ({ clientX }) => {
      const { left, width } = seek.getBoundingClientRect();
      if (width > 0) this.show(Math.max(0, Math.min(1, (clientX - left) / width)));
    });
    for (const event of ["pointerleave", "pointercancel", "blur"]) seek.addEventListener(event, () => this.hide());
  }

  hide(): void {
    clearTimeout(this.timer);
    this.root.hidden = true;
  }

  /** @param share of the whole, 0 to 1 */
  private show(share: number): void {
    const duration = this.source.duration();
    if (duration <= 0) return;
    const seconds = share * duration;
    setText(this.clock, formatDuration(seconds));
    this.root.style.setProperty("--at", String(share));
    this.root.hidden = false;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const address = this.source.pictureAt(seconds);
      if (address === null) this.picture.hidden = true;
      else if (this.picture.getAttribute("src") !== address) this.picture.src = address;
    }, REST_MS);
  }
}

/** The name of the picture of a time. @param utc milliseconds since 1970 */
export function previewName(utc: number): string {
  return `still-${Math.floor(utc / 1000 / PREVIEW_SECONDS) * PREVIEW_SECONDS}.jpg`;
}

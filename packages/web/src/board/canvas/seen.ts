/**
 * Provides canvases that come and go. Browsers copy each canvas that is seen with each frame that has anything new, also one on which nothing is; and
 * they paint the whole page for one that is taken out of it. So they come and go by their opacity, which only the compositor has to know.
 */

/** Chromium lays out all layers again for an opacity that is 1 before or after; this one lets nothing through, either. */
export const SEEN = "0.999";
export const UNSEEN = "0";
/** Nothing has been on it for so long: who writes on does so sooner. */
const EMPTY_MS = 1000;

/** A canvas that is seen while something is on it. */
export class SeenWhile {
  private readonly style: CSSStyleDeclaration;
  private isSeen = false;
  private hiding: ReturnType<typeof setTimeout> | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.style = canvas.style;
  }

  drawn(isEmpty: boolean): void {
    if (isEmpty) this.hiding ??= setTimeout(() => this.see(false), EMPTY_MS);
    else {
      this.close();
      this.see(true);
    }
  }

  close(): void {
    clearTimeout(this.hiding ?? undefined);
    this.hiding = null;
  }

  /** It is drawn with each frame, and changes seldom. */
  private see(isSeen: boolean): void {
    if (isSeen === this.isSeen) return;
    this.isSeen = isSeen;
    this.style.opacity = isSeen ? SEEN : UNSEEN;
  }
}

/**
 * Draws a watermark over the picture: two copies of a text, in a closed shadow root, whose style the page cannot replace: `!important`
 * declarations of a shadow root win over those of the tree around it (CSS Scoping, section 3.3).
 */
import { closedRootOf, observeMutations, observeSize, randomShare, rectOf, styleOf } from "./browser-functions.ts";
import { STYLE_NAMES, type WatermarkStyle } from "./watermark-faults.ts";
import { cornerOf, fontPixels, nextPosition, oppositeOf, type Position, videoBox } from "./watermark-positions.ts";

/** Milliseconds at one place. */
const STAY_MS = { least: 20_000, most: 40_000 } as const;
/** Lines of one copy: a long name is broken. */
const LINE_HEIGHT = 1.25;
/** No name of a class or a font that a page or an extension could know. */
const CSS = `
:host { all: initial !important; position: absolute !important; inset: 0 !important; z-index: 2147483647 !important; display: block !important;
  overflow: hidden !important; pointer-events: none !important; user-select: none !important; }
p { all: initial; position: absolute; display: block; max-width: 46%; box-sizing: border-box; margin: 0; color: #fff;
  font-family: system-ui, sans-serif; font-weight: 600; line-height: ${LINE_HEIGHT}; overflow-wrap: anywhere; pointer-events: none;
  user-select: none; forced-color-adjust: none;
  text-shadow: 0 0 .08em #000, .05em .05em .06em #000, -.05em -.05em .06em #000, .05em -.05em .06em #000, -.05em .05em .06em #000; }
`;
const FOUND = ":host { pointer-events: auto !important; }";

export class WatermarkLayer {
  readonly host = document.createElement("div");
  readonly opacity: number;
  private readonly text: string;
  private readonly video: HTMLVideoElement;
  private readonly closed: ShadowRoot;
  private readonly copies = [document.createElement("p"), document.createElement("p")];
  private readonly sheet = sheetOf(CSS);
  private readonly found = sheetOf(FOUND);
  private readonly size = observeSize(() => this.place());
  private readonly changes: MutationObserver;
  private readonly movePicture = (): void => this.place();
  private spot: Position = { x: randomShare(), y: randomShare() };
  private staysUntil = 0;

  /** @param onChange called when anything of the mark was changed from outside */
  constructor(video: HTMLVideoElement, mark: { readonly text: string; readonly opacity: number }, onChange: () => void) {
    this.video = video;
    this.text = mark.text;
    this.opacity = mark.opacity;
    this.closed = closedRootOf(this.host);
    this.host.setAttribute("aria-hidden", "true");
    this.closed.adoptedStyleSheets = [this.sheet];
    for (const copy of this.copies) {
      copy.textContent = mark.text;
      copy.style.opacity = String(mark.opacity);
    }
    this.closed.append(...this.copies);
    this.changes = observeMutations(onChange);
  }

  open(root: ShadowRoot): void {
    root.append(this.host);
    this.size.observe(this.video);
    this.video.addEventListener("resize", this.movePicture);
    this.place();
    this.changes.observe(root, { childList: true });
    this.changes.observe(this.host, { attributes: true });
    this.changes.observe(this.closed, { attributes: true, characterData: true, childList: true, subtree: true });
  }

  close(): void {
    this.changes.disconnect();
    this.size.disconnect();
    this.video.removeEventListener("resize", this.movePicture);
    this.host.remove();
  }

  /** Whether it is in this root, with both copies. */
  isWhole(root: ShadowRoot): boolean {
    return this.host.parentNode === root && this.copies.every((copy) => copy.parentNode === this.closed);
  }

  get hasText(): boolean {
    return this.copies.every((copy) => copy.textContent === this.text);
  }

  /** Of the copies, in pixels of the viewport. */
  boxes(): readonly DOMRect[] {
    return this.copies.map(rectOf);
  }

  styles(): readonly WatermarkStyle[] {
    return [this.host, ...this.copies].map((element) => {
      const style = styleOf(element);
      return Object.fromEntries(STYLE_NAMES.map((name) => [name, style[name] ?? ""])) as WatermarkStyle;
    });
  }

  /** In pixels, for the picture as it is now. */
  get fontPixels(): number {
    return fontPixels(this.picture);
  }

  /** Moves the copies when it is time. @param now milliseconds of `performance.now` */
  moveAt(now: number): void {
    if (now < this.staysUntil) return;
    if (this.staysUntil > 0) this.spot = nextPosition(this.spot, [randomShare(), randomShare()]);
    this.staysUntil = now + STAY_MS.least + randomShare() * (STAY_MS.most - STAY_MS.least);
    this.place();
  }

  /** Places the copies on the picture as it is now. */
  place(): void {
    const { picture } = this;
    const font = `${fontPixels(picture).toFixed(1)}px`;
    for (const copy of this.copies) if (copy.style.fontSize !== font) copy.style.fontSize = font;
    for (const [i, copy] of this.copies.entries()) {
      const size = { width: copy.offsetWidth, height: copy.offsetHeight };
      const { left, top } = cornerOf(i === 0 ? this.spot : oppositeOf(this.spot), picture, size);
      const at = { left: `${(picture.left + left).toFixed(0)}px`, top: `${(picture.top + top).toFixed(0)}px` };
      if (copy.style.left !== at.left || copy.style.top !== at.top) Object.assign(copy.style, at);
    }
    // These changes are its own.
    this.changes.takeRecords();
  }

  /** Lets the browser find the mark among the elements of a place while `look` runs. */
  whileFound<T>(look: () => T): T {
    this.closed.adoptedStyleSheets = [this.sheet, this.found];
    try {
      return look();
    } finally {
      this.closed.adoptedStyleSheets = [this.sheet];
    }
  }

  private get picture() {
    const { clientWidth, clientHeight, videoWidth, videoHeight } = this.video;
    return videoBox({ width: clientWidth, height: clientHeight }, { width: videoWidth, height: videoHeight });
  }
}

function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/**
 * Provides the watermark of a player: a text over the picture that tells who watches (attributes `watermark` and `watermark-opacity`). It is checked
 * each 0.8 s, and at each change of the player's parts. If it was removed, hidden, moved away or covered, playback stops for good.
 *
 * The attributes of an element cannot be changed once it has a watermark: a page that wants another one makes another element.
 */
import { canHide, rectOf, removeSource } from "./browser-functions.ts";
import { Covering } from "./covering.ts";
import { faultOf, isCertain, type Tampering, type WatermarkFacts } from "./watermark-faults.ts";
import { WatermarkLayer } from "./watermark-layer.ts";

export const WATERMARK_ATTRIBUTES = ["watermark", "watermark-opacity"] as const;

const CHECK_MS = 800;
/** What a page may cause by moving or scaling the player, and covers, count only if they last for so long. */
const LASTING_MS: Readonly<Record<"other" | "covered", number>> = { other: 700, covered: 1500 };
const OPACITY = { least: 0.05, most: 1, default: 0.4 } as const;
/** Share of the font's size that a line has at least. */
const LEAST_HEIGHT = 0.8;

/** After these the picture may be in a window of its own, or alone in full screen in Safari. */
const IN_PLAYER_EVENTS = ["enterpictureinpicture", "webkitpresentationmodechanged", "webkitbeginfullscreen"] as const;

type Mark = { readonly text: string; readonly opacity: number };
type Fault = { readonly what: Tampering; readonly since: number };

/** A video element in Safari, which has full screen and windows of its own. */
type SafariVideo = HTMLVideoElement & { readonly webkitSetPresentationMode?: (mode: "inline") => void };

export class Watermark {
  private readonly player: HTMLElement;
  private readonly root: ShadowRoot;
  private readonly video: HTMLVideoElement;
  private readonly stopPlayback: () => void;
  private readonly covering = new Covering();
  /** Of the attributes when they first named one. */
  private mark: Mark | null = null;
  private layer: WatermarkLayer | null = null;
  private tampering: Tampering | null = null;
  private fault: Fault | null = null;
  private timer = 0;
  private checkedAt = 0;
  private readonly checkInTime = (): void => {
    if (performance.now() - this.checkedAt >= CHECK_MS - 50) this.check();
  };
  private readonly stayInPlayer = (): void => this.keepInPlayer();
  private readonly refuseMenu = (event: Event): void => event.preventDefault();

  /** @param stopPlayback called once, when the watermark was tampered with: the player closes its engine and says why */
  constructor(player: HTMLElement, root: ShadowRoot, video: HTMLVideoElement, stopPlayback: () => void) {
    this.player = player;
    this.root = root;
    this.video = video;
    this.stopPlayback = stopPlayback;
  }

  get isTampered(): boolean {
    return this.tampering !== null;
  }

  get isShown(): boolean {
    return this.layer !== null;
  }

  /** Shows the watermark that the attributes name. Called when the player comes into a page, and when they change. */
  update(): void {
    if (this.isTampered) return;
    // A page may set one attribute after the other.
    if (this.mark === null) return queueMicrotask(() => this.begin());
    const named = markOf(this.player);
    if (named.text !== this.mark.text || named.opacity !== this.mark.opacity) return this.tamper("attribute");
    this.begin();
  }

  /** Called when the player leaves the page. */
  close(): void {
    clearInterval(this.timer);
    this.video.removeEventListener("timeupdate", this.checkInTime);
    for (const event of IN_PLAYER_EVENTS) this.video.removeEventListener(event, this.stayInPlayer);
    document.removeEventListener("fullscreenchange", this.stayInPlayer);
    this.player.removeEventListener("contextmenu", this.refuseMenu);
    this.layer?.close();
    this.layer = null;
    this.fault = null;
  }

  private begin(): void {
    if (!this.player.isConnected || this.layer || this.isTampered) return;
    this.mark ??= markOf(this.player);
    if (this.mark.text === "") this.mark = null;
    else this.open(this.mark);
  }

  private open(mark: Mark): void {
    if (!canHide()) return this.tamper("shadow-root");
    this.layer = new WatermarkLayer(this.video, mark, () => this.check());
    this.layer.open(this.root);
    this.timer = window.setInterval(this.checkInTime, CHECK_MS);
    // Scripts can clear all timers.
    this.video.addEventListener("timeupdate", this.checkInTime);
    for (const event of IN_PLAYER_EVENTS) this.video.addEventListener(event, this.stayInPlayer);
    document.addEventListener("fullscreenchange", this.stayInPlayer);
    // The browser's own menu can show its own controls, whose full screen has the picture alone.
    this.player.addEventListener("contextmenu", this.refuseMenu);
    this.keepInPlayer();
  }

  /** Keeps the picture out of windows, screens and devices of its own, where the mark is not over it. */
  private keepInPlayer(): void {
    const video: SafariVideo = this.video;
    if (!video.disablePictureInPicture) video.disablePictureInPicture = true;
    if (!video.disableRemotePlayback) video.disableRemotePlayback = true;
    if (video.controls) video.controls = false;
    if (this.root.pictureInPictureElement === video) void document.exitPictureInPicture().catch(() => {});
    if (this.root.fullscreenElement === video) void document.exitFullscreen().catch(() => {});
    video.webkitSetPresentationMode?.("inline");
  }

  private check(): void {
    const now = performance.now();
    this.checkedAt = now;
    const { layer } = this;
    if (!layer || this.isTampered) return;
    this.keepInPlayer();
    layer.moveAt(now);
    layer.place();
    const what = faultOf(this.factsOf(layer));
    if (what === null) this.fault = null;
    else if (isCertain(what)) this.tamper(what);
    else if (this.fault?.what !== what) this.fault = { what, since: now };
    else if (now - this.fault.since >= LASTING_MS[what === "covered" ? what : "other"]) this.tamper(what);
  }

  private factsOf(layer: WatermarkLayer): WatermarkFacts {
    const { player, root, video } = this;
    const copies = layer.boxes();
    const isAlone = root.fullscreenElement === video || root.pictureInPictureElement === video;
    const parts = { player, root, video, host: layer.host, copies };
    return {
      isAttached: layer.isWhole(root),
      hasText: layer.hasText,
      isPictureInPlayer: video.parentNode === root && !isAlone,
      player: rectOf(player),
      video: rectOf(video),
      copies,
      styles: layer.styles(),
      leastOpacity: layer.opacity,
      leastHeight: layer.fontPixels * LEAST_HEIGHT,
      areAllCovered: !video.paused && layer.whileFound(() => this.covering.areAllCovered(parts)),
    };
  }

  private tamper(what: Tampering): void {
    this.tampering = what;
    this.close();
    removeSource(this.video);
    this.stopPlayback();
    this.player.dispatchEvent(new CustomEvent("lectern-tamper", { detail: { what }, bubbles: true }));
  }
}

function markOf(player: HTMLElement): Mark {
  const given = Number(player.getAttribute("watermark-opacity") ?? Number.NaN);
  const opacity = Number.isFinite(given) ? Math.min(OPACITY.most, Math.max(OPACITY.least, given)) : OPACITY.default;
  return { text: player.getAttribute("watermark")?.trim() ?? "", opacity };
}

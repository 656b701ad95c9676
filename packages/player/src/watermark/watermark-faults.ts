/** Decides by measurements whether a watermark can be seen, and if not, what was done to it. */
import type { Box } from "./watermark-positions.ts";

/**
 * attribute: the player's attribute was changed or removed. removed: the mark is not over the picture. text: it says something else.
 * hidden: its style hides it. moved: it is beside the picture or too small. picture: the picture is elsewhere, or alone in full screen.
 * covered: something opaque lies over it. shadow-root: a script can reach into closed shadow roots.
 */
export type Tampering = "attribute" | "removed" | "text" | "hidden" | "moved" | "picture" | "covered" | "shadow-root";

export type WatermarkFacts = {
  /** Whether the mark is a part of the player. */
  readonly isAttached: boolean;
  readonly hasText: boolean;
  /** Whether the video is a part of the player, and not alone in full screen or in a window of its own. */
  readonly isPictureInPlayer: boolean;
  readonly player: Box;
  readonly video: Box;
  /** Of the copies, in pixels of the viewport. */
  readonly copies: readonly Box[];
  /** Of everything that the mark consists of. */
  readonly styles: readonly WatermarkStyle[];
  readonly leastOpacity: number;
  /** Of the smallest font that is right for the picture. */
  readonly leastHeight: number;
  readonly areAllCovered: boolean;
};

export type WatermarkStyle = Readonly<Record<(typeof STYLE_NAMES)[number], string>>;

export const STYLE_NAMES = [
  ...(["display", "visibility", "opacity", "clipPath", "filter", "transform", "translate", "scale", "rotate"] as const),
  ...(["maskImage", "mixBlendMode", "contentVisibility", "color"] as const),
] as const;

/** A browser that lacks a property has an empty value. */
const PLAIN: Readonly<Partial<Record<(typeof STYLE_NAMES)[number], string>>> = {
  visibility: "visible",
  clipPath: "none",
  filter: "none",
  transform: "none",
  translate: "none",
  scale: "none",
  rotate: "none",
  maskImage: "none",
  mixBlendMode: "normal",
  contentVisibility: "visible",
};
/** Sides of the picture that a page may cut off, and what rounding moves. */
const LEAST_SHARE = 0.8;
const ROUNDING_PIXELS = 2;
const LEAST_ALPHA = 0.5;
const OPACITY_ROUNDING = 0.01;

/** Null: nothing is wrong, or the player itself is not shown. */
export function faultOf(facts: WatermarkFacts): Tampering | null {
  if (!facts.isAttached) return "removed";
  if (!facts.hasText) return "text";
  if (!facts.isPictureInPlayer) return "picture";
  if (isEmpty(facts.player)) return null;
  if (facts.styles.some((style) => isHidden(style, facts.leastOpacity))) return "hidden";
  if (!isPictureInPlace(facts)) return "picture";
  if (facts.copies.some((copy) => !isOnVideo(copy, facts))) return "moved";
  return facts.areAllCovered ? "covered" : null;
}

/** Faults that a page cannot cause by moving or scaling the player; others count only if they last. */
export function isCertain(fault: Tampering): boolean {
  return fault === "attribute" || fault === "removed" || fault === "text" || fault === "shadow-root";
}

function isHidden(style: WatermarkStyle, leastOpacity: number): boolean {
  if (style.display === "none" || Number(style.opacity) < leastOpacity - OPACITY_ROUNDING) return true;
  if (alphaOf(style.color) < LEAST_ALPHA) return true;
  return STYLE_NAMES.some((name) => PLAIN[name] !== undefined && style[name] !== "" && style[name] !== PLAIN[name]);
}

/** The video fills the player, so what stands over the player stands over the picture. */
function isPictureInPlace({ player, video }: WatermarkFacts): boolean {
  const shown = overlapOf(player, video);
  const isInside =
    video.width <= player.width + ROUNDING_PIXELS &&
    video.height <= player.height + ROUNDING_PIXELS &&
    areaOf(shown) >= areaOf(video) * LEAST_SHARE;
  return isInside && areaOf(video) >= areaOf(player) * LEAST_SHARE;
}

function isOnVideo(copy: Box, { video, leastHeight }: WatermarkFacts): boolean {
  if (copy.width < leastHeight || copy.height < leastHeight) return false;
  return areaOf(overlapOf(copy, video)) >= areaOf(copy) * LEAST_SHARE;
}

/** Of two boxes; empty where they are apart. */
export function overlapOf(one: Box, other: Box): Box {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  const right = Math.min(one.left + one.width, other.left + other.width);
  const bottom = Math.min(one.top + one.height, other.top + other.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

export function areaOf({ width, height }: Box): number {
  return width * height;
}

function isEmpty(box: Box): boolean {
  return areaOf(box) === 0;
}

/** The alpha of a computed color: `rgb(1, 2, 3)`, `rgba(1, 2, 3, 0.5)`, `color(srgb 1 1 1 / 0.5)`. */
export function alphaOf(color: string): number {
  if (color === "transparent") return 0;
  const [, slash, comma] = /\/\s*([\d.e-]+%?)\s*\)$|^rgba\(.*,\s*([\d.e-]+)\s*\)$/.exec(color) ?? [];
  const alpha = slash ?? comma ?? "1";
  return alpha.endsWith("%") ? Number.parseFloat(alpha) / 100 : Number(alpha);
}

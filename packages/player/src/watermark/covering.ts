/**
 * Finds out whether elements of the page lie over all copies of a watermark.
 *
 * Pages put things over a player: dialogs, notices, chat. So an element counts only if it is opaque, leaves half of the picture free, and
 * lies over one copy alone: what covers both copies, which are far apart, covers the middle of the picture too.
 */
import { elementsAt, rectOf, styleOf } from "./browser-functions.ts";
import { alphaOf, areaOf, overlapOf } from "./watermark-faults.ts";
import type { Box } from "./watermark-positions.ts";

/** Places on a copy at which it is looked for covers, as shares of its width, and how many covered ones make it unreadable. */
const SAMPLES = [0.1, 0.3, 0.5, 0.7, 0.9];
const UNREADABLE_SAMPLES = 3;
const MOST_OF_PICTURE = 0.5;
const LEAST_OPACITY = 0.5;
/** Elements that one check looks at. Larger pages take several checks. */
const MAX_ELEMENTS = 3000;
const REPLACED = new Set(["IMG", "CANVAS", "VIDEO", "IFRAME", "svg", "OBJECT", "EMBED"]);
const HIGHEST = "2147483647";

export type MarkParts = {
  readonly player: Element;
  readonly root: ShadowRoot;
  readonly video: Element;
  /** The element of the mark in `root`. */
  readonly host: Element;
  readonly copies: readonly Box[];
};

export class Covering {
  /** Where the walk through a large page goes on. */
  private next = 0;
  /** Elements that the walk has found, and that clicks pass through. */
  private suspects: readonly Element[] = [];

  /** @param parts while the mark takes clicks, so that the browser tells what is over it */
  areAllCovered(parts: MarkParts): boolean {
    const picture = rectOf(parts.video);
    const isFound = isSuspect(parts);
    this.suspects = [...this.suspects.filter(isFound), ...this.walk(parts.root, isFound)];
    const above = parts.copies.map((copy) => samplesOf(copy).map(([x, y]) => this.coversAt(parts, x, y)));
    const covers = above.map((samples) => new Set(samples.flat()));
    // Nothing of the player itself has to be there.
    const isLegal = (cover: Element): boolean =>
      cover.getRootNode() !== parts.root &&
      (covers.every((ofCopy) => ofCopy.has(cover)) ||
        areaOf(overlapOf(rectOf(cover), picture)) > areaOf(picture) * MOST_OF_PICTURE);
    return above.every((samples) => samples.filter((found) => found.some((cover) => !isLegal(cover))).length >= UNREADABLE_SAMPLES);
  }

  private coversAt(parts: MarkParts, x: number, y: number): readonly Element[] {
    const box = { left: x, top: y, width: 1, height: 1 };
    const passive = this.suspects.filter((suspect) => areaOf(overlapOf(rectOf(suspect), box)) > 0);
    return [...elementsAbove(parts, x, y).filter(isOpaque), ...passive];
  }

  private walk(root: ShadowRoot, isFound: (element: Element) => boolean): readonly Element[] {
    const all = document.getElementsByTagName("*");
    const from = this.next < all.length ? this.next : 0;
    const end = Math.min(all.length, from + MAX_ELEMENTS);
    this.next = end < all.length ? end : 0;
    const seen = [...root.querySelectorAll("*")];
    for (let i = from; i < end; i++) {
      const element = all[i];
      if (element) seen.push(element);
    }
    return seen.filter((element) => !this.suspects.includes(element) && isFound(element));
  }
}

function samplesOf({ left, top, width, height }: Box): readonly (readonly [x: number, y: number])[] {
  return SAMPLES.map((share) => [left + width * share, top + height / 2]);
}

/** What the browser says is over the mark at a place, from the player's own parts to the page. */
function elementsAbove({ player, root, host }: MarkParts, x: number, y: number): readonly Element[] {
  const found = elementsUpTo(root, host, x, y);
  for (let part: Element = player; ; ) {
    const scope = part.getRootNode();
    if (!(scope instanceof Document || scope instanceof ShadowRoot)) return found;
    found.push(...elementsUpTo(scope, part, x, y));
    if (scope instanceof Document) return found;
    part = scope.host;
  }
}

/** None where the browser does not find the part itself: it is out of sight, or a dialog makes the page inert. */
function elementsUpTo(scope: Document | ShadowRoot, part: Element, x: number, y: number): Element[] {
  const all = elementsAt(scope, x, y);
  const end = all.findIndex((element) => element === part || element.contains(part));
  return all.slice(0, Math.max(0, end)).flatMap(withInside(x, y));
}

/** What is in a component of the page counts too. */
function withInside(x: number, y: number): (element: Element) => readonly Element[] {
  return (element) => [element, ...(element.shadowRoot ? elementsAt(element.shadowRoot, x, y) : [])];
}

function isOpaque(element: Element): boolean {
  const style = styleOf(element);
  if (style.visibility !== "visible" || Number(style.opacity) < LEAST_OPACITY) return false;
  if (REPLACED.has(element.tagName) || element.tagName.includes("-")) return true;
  return alphaOf(style.backgroundColor) >= LEAST_OPACITY || style.backgroundImage !== "none" || hasBackdrop(style);
}

function hasBackdrop({ backdropFilter }: CSSStyleDeclaration): boolean {
  return backdropFilter !== undefined && backdropFilter !== "" && backdropFilter !== "none";
}

/**
 * Whether an opaque element lies over a copy, or under it: the browser does not tell which where clicks pass through the element, or where it
 * does not find the mark itself.
 */
function isSuspect({ player, root, host, copies }: MarkParts): (element: Element) => boolean {
  const isFound = copies.every(({ left, top, width, height }) =>
    elementsAt(root, left + width / 2, top + height / 2).includes(host),
  );
  return (element) => {
    if (element === host || element === player || element.contains(player)) return false;
    const box = rectOf(element);
    if (!copies.some((copy) => areaOf(overlapOf(copy, box)) > 0)) return false;
    if (isFound && styleOf(element).pointerEvents !== "none" && element.closest("[inert]") === null) return false;
    return isOpaque(element) && (element.getRootNode() !== root || styleOf(element).zIndex === HIGHEST);
  };
}

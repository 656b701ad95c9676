/**
 * Provides the browser's functions by which a watermark is drawn and checked, as they are when this module is loaded: a script that replaces one
 * later changes nothing for a watermark.
 */

const { attachShadow, getBoundingClientRect, remove } = prototypeOf(globalThis.Element);
const { elementsFromPoint } = prototypeOf(globalThis.Document);
const { pause } = prototypeOf(globalThis.HTMLMediaElement);
const { getComputedStyle, MutationObserver: Observer, ResizeObserver: SizeObserver } = globalThis;
const { toString: sourceOf } = Function.prototype;
const { apply } = Reflect;
const isAttachShadowNative = typeof attachShadow === "function" && /\[native code\]\s*\}$/.test(apply(sourceOf, attachShadow, []));

/** A server that renders pages has none of them, and watches nothing. */
function prototypeOf<T>(type: { readonly prototype: T } | undefined): T {
  return type ? type.prototype : Object.create(null);
}

/** False where a script has replaced `attachShadow` before: it could reach into closed shadow roots. */
export function canHide(): boolean {
  return isAttachShadowNative;
}

export function closedRootOf(element: Element): ShadowRoot {
  return apply(attachShadow, element, [{ mode: "closed" }]);
}

/** In pixels of the viewport. */
export function rectOf(element: Element): DOMRect {
  return apply(getBoundingClientRect, element, []);
}

export function styleOf(element: Element): CSSStyleDeclaration {
  return apply(getComputedStyle, window, [element]);
}

/** The elements at a place of the viewport, the topmost first. @param scope of a page, or of a component in it */
export function elementsAt(scope: Document | ShadowRoot, x: number, y: number): readonly Element[] {
  return scope instanceof Document ? apply(elementsFromPoint, scope, [x, y]) : scope.elementsFromPoint(x, y);
}

/** Stops a video, wherever it is now, and takes it out of the page. */
export function removeSource(video: HTMLVideoElement): void {
  apply(pause, video, []);
  apply(remove, video, []);
}

export function observeMutations(onChange: () => void): MutationObserver {
  return new Observer(onChange);
}

export function observeSize(onChange: () => void): ResizeObserver {
  return new SizeObserver(onChange);
}

/** From 0 to 1. */
export function randomShare(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}

/**
 * Provides the pointers on a page: a pen or the mouse draws; a finger draws until a pen is seen, and from then on it moves the page alone, as does
 * the palm of the hand that writes. Two fingers move and enlarge the page. Samples between two events are not lost (Pointer Events, section 10.2:
 * `getCoalescedEvents`).
 */
import type { Sample } from "@lectern/board";
import { setDrawing } from "../../schedule/defer-while-drawing.ts";

export type Spot = { readonly x: number; readonly y: number };

/** What a pointer that is down does. */
export type Gesture = {
  readonly move: (samples: readonly Sample[]) => void;
  readonly end: () => void;
  /** Nothing of it stays. */
  readonly cancel: () => void;
};

export type PointerHandlers = {
  /** A pointer that draws goes down. Null: there is nothing to do with it. `isEraser`: the other end of a pen. */
  readonly begin: (sample: Sample, how: { readonly isEraser: boolean; readonly isTouch: boolean }) => Gesture | null;
  /** A pointer that is not down is over the page; null: it has left. */
  readonly hover: (sample: Sample | null) => void;
  /** Fingers, or the wheel: places are pixels of the element. */
  readonly pan: (dx: number, dy: number) => void;
  readonly zoom: (by: number, at: Spot) => void;
  readonly isEnlarged: () => boolean;
  /** Of a place of the element, in the page's units. */
  readonly unitsAt: (x: number, y: number) => Spot;
};

/** Looking where an element is may take a browser as long as all the rest of a sample. */
const SEEN_MS = 100;
/** What browsers tell of a pointer besides, and nobody wants to hear. */
const OF_NOBODY = ["gotpointercapture", "lostpointercapture", "click", "mousemove"] as const;
/** After a pen has been seen, a finger does not draw for so long. */
const PEN_MS = 30_000;
/** A stroke of a finger that is younger was the first of two fingers. */
const YOUNG_MS = 250;
/** Of pointers that measure none. */
const NO_PRESSURE = 0.5;
/** The bit of `buttons` that the other end of a pen has. */
const ERASER = 32;
const MIDDLE_BUTTON = 4;
/** How far a turn of the wheel enlarges. */
const WHEEL_ZOOM = 0.0022;

type Down = { readonly id: number; readonly gesture: Gesture; readonly isTouch: boolean; readonly since: number };

export class PointerInput {
  private readonly element: HTMLElement;
  private readonly handlers: PointerHandlers;
  private readonly abort = new AbortController();
  private penSeenAt = Number.NEGATIVE_INFINITY;
  private down: Down | null = null;
  private readonly fingers = new Map<number, Spot>();
  /** Where the element was, and when. */
  private seen: { readonly at: number; readonly corner: Spot } = { at: Number.NEGATIVE_INFINITY, corner: { x: 0, y: 0 } };
  /** A mouse that moves the page. */
  private dragged: Spot | null = null;
  private readonly isPanning: () => boolean;

  /** @param isPanning whether the chosen tool moves the page */
  constructor(element: HTMLElement, handlers: PointerHandlers, isPanning: () => boolean) {
    this.element = element;
    this.handlers = handlers;
    this.isPanning = isPanning;
    const { signal } = this.abort;
    const on = <K extends keyof HTMLElementEventMap>(name: K, listen: (event: HTMLElementEventMap[K]) => void): void =>
      element.addEventListener(name, listen, { signal, passive: false });
    on("pointerdown", (event) => this.onDown(event));
    // Before the page hears of it: what is around the board would be told of each sample of a stroke.
    const onFirst = <K extends keyof WindowEventMap>(name: K, listen: (event: WindowEventMap[K]) => void): void =>
      addEventListener(name, (event) => event.target === element && listen(event), { signal, capture: true });
    onFirst("pointermove", (event) => this.onMove(event));
    onFirst("pointerup", (event) => this.onUp(event, false));
    onFirst("pointercancel", (event) => this.onUp(event, true));
    for (const name of OF_NOBODY) onFirst(name, (event) => event.stopPropagation());
    on("pointerleave", () => handlers.hover(null));
    on("wheel", (event) => this.onWheel(event));
    // Long presses with a pen open menus.
    on("contextmenu", (event) => event.target === element && event.preventDefault());
    // Safari scrolls in spite of `touch-action`, and selects with its pencil.
    on("touchstart", (event) => event.target === element && event.preventDefault());
  }

  close(): void {
    this.down?.gesture.end();
    this.setDown(null);
    this.abort.abort();
  }

  private onDown(event: PointerEvent): void {
    const isTouch = event.pointerType === "touch";
    if (event.pointerType === "pen") this.penSeenAt = event.timeStamp;
    if (event.target !== this.element) return;
    if (document.activeElement !== this.element) this.element.focus({ preventScroll: true });
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    const isLater = this.down !== null;
    if (isTouch) this.fingers.set(event.pointerId, this.placeOf(event));
    if (isTouch && this.fingers.size > 1) return this.beginPinch(event.timeStamp);
    if ((isTouch && this.isPenSeen(event.timeStamp)) || isLater) return;
    if (this.isPanning() || event.buttons === MIDDLE_BUTTON) {
      this.dragged = this.placeOf(event);
      return;
    }
    if (event.button > 0 && event.buttons !== ERASER) return;
    const gesture = this.handlers.begin(this.sampleOf(event), { isEraser: event.buttons === ERASER, isTouch });
    if (gesture) this.setDown({ id: event.pointerId, gesture, isTouch, since: event.timeStamp });
  }

  private setDown(down: Down | null): void {
    this.down = down;
    setDrawing(down !== null);
  }

  /** The first finger did not want to draw. */
  private beginPinch(now: number): void {
    if (!this.down?.isTouch) return;
    const { gesture, since } = this.down;
    this.setDown(null);
    if (now - since < YOUNG_MS) gesture.cancel();
    else gesture.end();
  }

  private onMove(event: PointerEvent): void {
    if (event.pointerType === "pen") this.penSeenAt = event.timeStamp;
    event.stopPropagation();
    if (this.down?.id === event.pointerId) {
      const events = event.getCoalescedEvents?.() ?? [];
      const corner = this.cornerAt(event.timeStamp);
      this.down.gesture.move((events.length > 0 ? events : [event]).map((one) => this.sampleOf(one, corner)));
    } else if (this.fingers.has(event.pointerId)) this.moveFinger(event);
    else if (this.dragged) {
      const place = this.placeOf(event);
      this.handlers.pan(place.x - this.dragged.x, place.y - this.dragged.y);
      this.dragged = place;
    } else if (event.pointerType !== "touch") this.handlers.hover(this.sampleOf(event));
  }

  private moveFinger(event: PointerEvent): void {
    const before = [...this.fingers.values()];
    this.fingers.set(event.pointerId, this.placeOf(event));
    const after = [...this.fingers.values()];
    if (this.down?.isTouch) return;
    const [from, to] = [middleOf(before), middleOf(after)];
    this.handlers.pan(to.x - from.x, to.y - from.y);
    const [was, is] = [spanOf(before), spanOf(after)];
    if (was > 0 && is > 0) this.handlers.zoom(is / was, to);
  }

  private onUp(event: PointerEvent, isCancelled: boolean): void {
    this.fingers.delete(event.pointerId);
    this.dragged = null;
    if (this.down?.id !== event.pointerId) return;
    event.stopPropagation();
    const { gesture, isTouch } = this.down;
    this.setDown(null);
    // The browser takes a finger away when it finds that it is a palm.
    if (isCancelled && isTouch) gesture.cancel();
    else {
      // A pen that is lifted presses no more.
      if (!isCancelled && event.pointerType !== "pen") gesture.move([this.sampleOf(event)]);
      gesture.end();
    }
  }

  private onWheel(event: WheelEvent): void {
    const isZoom = event.ctrlKey || event.metaKey;
    // The page that the stage is on scrolls.
    if (!isZoom && !this.handlers.isEnlarged()) return;
    event.preventDefault();
    if (isZoom) this.handlers.zoom(Math.exp(-event.deltaY * WHEEL_ZOOM * 3), this.placeOf(event));
    else this.handlers.pan(-event.deltaX, -event.deltaY);
  }

  private isPenSeen(now: number): boolean {
    return now - this.penSeenAt < PEN_MS;
  }

  /** Of the element in the window. */
  private corner(): Spot {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: left, y: top };
  }

  /** While a pen is down, the element is looked for ten times a second: the page may be scrolled under it. */
  private cornerAt(now: number): Spot {
    if (now - this.seen.at > SEEN_MS) this.seen = { at: now, corner: this.corner() };
    return this.seen.corner;
  }

  private placeOf({ clientX, clientY }: MouseEvent, corner = this.corner()): Spot {
    return { x: clientX - corner.x, y: clientY - corner.y };
  }

  private sampleOf(event: PointerEvent, corner = this.corner()): Sample {
    const { x, y } = this.placeOf(event, corner);
    const pressure = event.pointerType === "pen" && event.pressure > 0 ? event.pressure : NO_PRESSURE;
    return { ...this.handlers.unitsAt(x, y), pressure, time: event.timeStamp };
  }
}

function middleOf(places: readonly Spot[]): Spot {
  const sum = places.reduce((one, other) => ({ x: one.x + other.x, y: one.y + other.y }), { x: 0, y: 0 });
  return { x: sum.x / Math.max(1, places.length), y: sum.y / Math.max(1, places.length) };
}

/** How far two fingers are apart; 0: there are not two. */
function spanOf([one, other]: readonly Spot[]): number {
  return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
}

/**
 * Strokes that are being drawn here, on a canvas of their own that a worker draws on: the page makes no frame for them, and is not waited for. When one is
 * finished, the board's canvas has it.
 */
import type { ItemId, Point } from "@lectern/board";
import type { CanvasPlace } from "../canvas/board-canvas.ts";
import { type Ink, type InkMessage, packed, type ToInkWorker } from "./ink-messages.ts";

/** Chromium lays out all layers again for an opacity that is 1 before or after; this one lets nothing through, either. */
const SEEN = "0.999";
/** A frame that is made is on the screen after so long. */
const SHOWN_MS = 35;

export class InkInHand {
  private readonly canvas: HTMLCanvasElement;
  private readonly worker: Worker;
  private place: CanvasPlace | null = null;
  /** Its script may be long on the way. */
  private isReady = false;
  /** Goes with what is told next. */
  private waiting: InkMessage[] = [];
  /** Strokes that the board shows from this frame on, and that are to go. */
  private readonly lifted = new Set<ItemId>();

  /** @returns null: workers of this browser draw on no canvas */
  static open(surface: HTMLElement): InkInHand | null {
    return "transferControlToOffscreen" in HTMLCanvasElement.prototype ? new InkInHand(surface) : null;
  }

  /** @param surface takes the pointers: the canvas lies below it, and above the board */
  private constructor(surface: HTMLElement) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "ink-in-hand";
    this.canvas.hidden = true;
    surface.before(this.canvas);
    this.worker = new Worker(new URL("./ink-worker.ts", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", () => {
      this.isReady = true;
      this.canvas.hidden = false;
    });
    this.worker.addEventListener("error", () => {
      this.isReady = false;
      this.canvas.remove();
    });
    const canvas = this.canvas.transferControlToOffscreen();
    this.worker.postMessage([{ kind: "canvas", canvas }] satisfies ToInkWorker, [canvas]);
  }

  /**
   * A marker lets through what is below: the moment in which a stroke of it is here and on the board already would be seen.
   * @returns whether strokes of this ink are drawn here
   */
  takes({ tool }: Ink): boolean {
    return tool === "pen" && this.isReady;
  }

  begin(id: ItemId, ink: Ink, place: CanvasPlace): void {
    this.canvas.style.opacity = SEEN;
    for (const gone of this.lifted) this.waiting.push({ kind: "end", id: gone });
    this.lifted.clear();
    this.follow(place);
    this.waiting.push({ kind: "begin", id, ink });
  }

  /** @param samples until points take their place */
  more(id: ItemId, samples: readonly Point[], place: CanvasPlace): void {
    this.follow(place);
    this.tell({ kind: "more", id, samples: packed(samples) });
  }

  /** @param points that the page has now, and that stay, in the place of all samples: they are where those were, and shown with the next ones */
  keep(id: ItemId, points: readonly Point[]): void {
    this.waiting.push({ kind: "points", id, points: packed(points) });
  }

  /** The board's canvas has it with its next frame, which hides it here: in both at once its edges would be darker. */
  end(id: ItemId): void {
    this.canvas.style.opacity = "0";
    requestAnimationFrame(() => {
      this.lifted.add(id);
      setTimeout(() => this.forget(id), SHOWN_MS);
    });
  }

  private forget(id: ItemId): void {
    if (this.lifted.delete(id)) this.tell({ kind: "end", id });
  }

  close(): void {
    this.worker.terminate();
    this.canvas.remove();
  }

  /** The page may be moved under the pen. */
  private follow(place: CanvasPlace): void {
    if (this.place === place) return;
    this.place = place;
    this.waiting.push({ kind: "place", place });
  }

  private tell(message: InkMessage): void {
    this.waiting.push(message);
    this.worker.postMessage(this.waiting satisfies ToInkWorker);
    this.waiting = [];
  }
}

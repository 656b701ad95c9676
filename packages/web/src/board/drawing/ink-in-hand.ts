/**
 * Strokes that are being drawn here, on a canvas of their own that a worker draws on: the page makes no frame for them, and is not waited for. The board's canvas
 * takes them over a few at a time, or once the pen rests: for each of them the browser copies the whole canvas.
 */
import type { ItemId, Point } from "@lectern/board";
import type { BoardCanvas, CanvasPlace } from "../canvas/board-canvas.ts";
import { SEEN, UNSEEN } from "../canvas/seen.ts";
import { type Ink, type InkMessage, packed, type ToInkWorker } from "./ink-messages.ts";

/** A frame that is made is on the screen after so long. */
const SHOWN_MS = 35;
/** The pen rests: the next stroke of a word comes sooner. */
const RESTS_MS = 400;
/** All of them are drawn again with each sample. */
const MOST_FINISHED = 8;

export class InkInHand {
  private readonly canvas: HTMLCanvasElement;
  private readonly board: BoardCanvas;
  private readonly worker: Worker;
  private place: CanvasPlace | null = null;
  /** Its script may be long on the way. */
  private isReady = false;
  /** Goes with what is told next. */
  private waiting: InkMessage[] = [];
  private isDown = false;
  /** From the next frame on. */
  private isSeen = false;
  /** The board has not taken them over yet. */
  private finished: ItemId[] = [];
  private resting: ReturnType<typeof setTimeout> | null = null;
  /** Strokes that the board shows from this frame on, and that are to go. */
  private readonly lifted = new Set<ItemId>();

  /** @returns null: workers of this browser draw on no canvas */
  static open(surface: HTMLElement, board: BoardCanvas): InkInHand | null {
    return "transferControlToOffscreen" in HTMLCanvasElement.prototype ? new InkInHand(surface, board) : null;
  }

  /** @param surface takes the pointers: the canvas lies below it, and above the board */
  private constructor(surface: HTMLElement, board: BoardCanvas) {
    this.board = board;
    board.setElsewhere(() => this.giveOver());
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
      this.giveOver();
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

  begin(id: ItemId, ink: Ink): void {
    this.isDown = true;
    clearTimeout(this.resting ?? undefined);
    // Nearly always it is seen already: the board takes over a few strokes at a time.
    if (!this.isSeen) this.see(true);
    this.board.showElsewhere(id, ink.color);
    this.letGo([...this.lifted]);
    this.follow();
    this.waiting.push({ kind: "begin", id, ink });
  }

  /** @param samples until points take their place */
  more(id: ItemId, samples: readonly Point[]): void {
    this.follow();
    this.waiting.push({ kind: "more", id, samples: packed(samples) });
    this.tell();
  }

  /** @param points that the page has now, and that stay, in the place of all samples: they are where those were, and shown with the next ones */
  keep(id: ItemId, points: readonly Point[]): void {
    this.waiting.push({ kind: "points", id, points: packed(points) });
  }

  end(id: ItemId): void {
    this.isDown = false;
    this.finished.push(id);
    if (this.finished.length >= MOST_FINISHED) this.giveOver();
    else this.resting = setTimeout(() => this.giveOver(), RESTS_MS);
  }

  /** The board's canvas has what is finished with its next frame, which hides it here: in both at once its edges would be darker. */
  private giveOver(): void {
    clearTimeout(this.resting ?? undefined);
    const ids = this.finished;
    if (ids.length === 0) return;
    this.finished = [];
    this.board.takeBack(ids);
    this.see(this.isDown, () => {
      for (const id of ids) this.lifted.add(id);
      setTimeout(() => {
        this.letGo(ids.filter((id) => this.lifted.has(id)));
        if (this.waiting.length > 0) this.tell();
      }, SHOWN_MS);
    });
  }

  /** Told with what comes next. */
  private letGo(ids: readonly ItemId[]): void {
    for (const id of ids) {
      this.lifted.delete(id);
      this.waiting.push({ kind: "end", id });
    }
  }

  /** With the next frame: the browser would lay out the page for the rest of the event, and again for the frame. */
  private see(isSeen: boolean, then = () => {}): void {
    this.isSeen = isSeen;
    requestAnimationFrame(() => {
      this.canvas.style.opacity = isSeen ? SEEN : UNSEEN;
      then();
    });
  }

  close(): void {
    this.giveOver();
    this.board.setElsewhere(() => {});
    this.worker.terminate();
    this.canvas.remove();
  }

  /** The page may be moved under the pen. */
  private follow(): void {
    const place = this.board.canvasPlace;
    if (this.place === place) return;
    this.place = place;
    this.waiting.push({ kind: "place", place });
  }

  private tell(): void {
    this.worker.postMessage(this.waiting satisfies ToInkWorker);
    this.waiting = [];
  }
}

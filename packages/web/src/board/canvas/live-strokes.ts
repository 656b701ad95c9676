/**
 * Provides live strokes: strokes that are being written, by this person or by others, and those just written, on a canvas of their own that a worker
 * draws on. The page makes no frame for them, and is not waited for. The board's canvas takes them over a few at a time, or once the pen rests: for
 * each of them the browser copies the whole canvas.
 */
import { type Color, type Item, type ItemId, MAX_DELAY_MS, type Point, type Stroke } from "@lectern/board";
import type { CanvasViewport } from "../pages/view-box.ts";
import { type FromLiveStrokes, type Ink, type PenMessage, packed, type ToLiveStrokes } from "./live-stroke-messages.ts";
import { SEEN, UNSEEN } from "./seen.ts";

/** What the board's own canvases do for it. */
type Board = {
  /** Another object when it is another place. */
  readonly place: () => CanvasViewport;
  /** From its next frame on, the board shows what is no longer a live stroke. */
  readonly committed: () => void;
};

/**
 * `writtenAt`: when all of it has appeared; null: it goes on. `heardAt`: when points of it came last; null: it is this person's. Milliseconds of `performance.now()`.
 * `isOfPage`: the board can take it over.
 */
type LiveStroke = { readonly color: Color; writtenAt: number | null; heardAt: number | null; isOfPage: boolean };

/** A frame that is made is on the screen after so long. */
const SHOWN_MS = 35;
/** The pen rests: the next stroke comes sooner. Longer than it takes what others have written to appear. */
const RESTS_MS = 1000;
/** Who has begun a stroke and is not heard of for so long may never end it. */
const SILENT_MS = 2000;
/** All of them are drawn again with each sample. */
const MOST_WRITTEN = 8;
/** More at a time are not being written: they were put there together, or come late. */
const MOST_WET = 16;

/** Of those who look on. */
const openWorker = (): Worker => new Worker(new URL("./live-stroke-worker.ts", import.meta.url), { type: "module" });

export class LiveStrokes {
  private readonly below: HTMLElement;
  private readonly board: Board;
  private canvas: HTMLCanvasElement | null = null;
  private worker: Worker | null = null;
  /** Its script may be long on the way. */
  private isReady = false;
  private place: CanvasViewport | null = null;
  /** Goes with what is told next. */
  private waiting: ToLiveStrokes[number][] = [];
  private readonly strokes = new Map<ItemId, LiveStroke>();
  /** From the next frame on. */
  private isSeen = false;
  private resting: ReturnType<typeof setTimeout> | null = null;
  /** Strokes that the board shows from this frame on, and that are to go. */
  private readonly lifted = new Set<ItemId>();
  /** Hears what the worker of a person with a pen tells. Null: the worker knows of no pen. */
  private hear: ((message: FromLiveStrokes) => void) | null = null;

  /** @param below the canvas lies over this one */
  constructor(below: HTMLElement, board: Board) {
    this.below = below;
    this.board = board;
  }

  has(id: ItemId): boolean {
    return this.strokes.has(id);
  }

  /**
   * Somebody is about to write. Where workers draw on no canvas, there are no live strokes.
   * @param open the worker. Default: one that knows of no pen of this page
   */
  start(open = openWorker): void {
    if (this.worker || !("transferControlToOffscreen" in HTMLCanvasElement.prototype)) return;
    const canvas = document.createElement("canvas");
    canvas.className = "live-strokes";
    canvas.hidden = true;
    this.below.after(canvas);
    const worker = open();
    worker.addEventListener("message", ({ data }: MessageEvent<FromLiveStrokes>) => {
      this.hear?.(data);
      if (data.kind !== "ready") return;
      this.isReady = true;
      canvas.hidden = false;
    });
    worker.addEventListener("error", () => {
      this.isReady = false;
      this.clear();
      canvas.remove();
    });
    this.canvas = canvas;
    this.worker = worker;
    const offscreen = canvas.transferControlToOffscreen();
    worker.postMessage([{ kind: "canvas", canvas: offscreen }] satisfies ToLiveStrokes, [offscreen]);
  }

  /**
   * A marker lets through what is below: the moment in which a stroke of it is here and on the board already would be seen.
   * @returns whether strokes of this ink are drawn here
   */
  takes({ tool }: Pick<Ink, "tool">): boolean {
    return tool === "pen" && this.isReady;
  }

  /** A stroke of this person's. @param isOfPage the page has it while it is written; otherwise with its end */
  begin(id: ItemId, ink: Ink, isOfPage: boolean): void {
    clearTimeout(this.resting ?? undefined);
    this.add(id, ink, isOfPage);
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
    const stroke = this.strokes.get(id);
    if (stroke) stroke.isOfPage = true;
    this.written(id, performance.now());
  }

  /**
   * Another person has written some of a stroke, which appears as it was written.
   * @param before how many of its points were there already
   * @returns whether it is shown here
   */
  play(id: ItemId, { tool, color, width, points, ended }: Stroke, before: number): boolean {
    const now = performance.now();
    let stroke = this.strokes.get(id);
    if (!stroke) {
      this.start();
      // A page that is not seen has no frames, in which the board would take anything over.
      if (before > 0 || document.hidden || this.strokes.size >= MOST_WET || !this.takes({ tool })) return false;
      stroke = this.add(id, { tool, color, width }, true);
    }
    stroke.heardAt = now;
    this.follow();
    if (points.length > before) this.waiting.push({ kind: "played", id, points: packed(points.slice(before)) });
    this.tell();
    if (ended) this.written(id, now + MAX_DELAY_MS);
    else this.rest(SILENT_MS);
    return true;
  }

  /** An item is other than before: what is not as it was written is the board's. */
  look(id: ItemId, item: Item | null): void {
    const stroke = this.strokes.get(id);
    if (!stroke) return;
    const isAsWritten = item?.content.type === "stroke" && !item.deleted && item.dx === 0 && item.dy === 0 && item.scale === 1;
    if (isAsWritten && item.content.color === stroke.color) return;
    this.commit([id, ...this.ofWritten()]);
  }

  /** The page lies otherwise. */
  moved(): void {
    this.commitWritten();
    if (this.strokes.size === 0) return;
    this.follow();
    this.tell();
  }

  /** The board has those of which all is there from now on. */
  commitWritten(): void {
    this.commit(this.ofWritten());
  }

  /** The board has all that the page has from now on. */
  commitAll(): void {
    this.commit([...this.strokes.keys()]);
  }

  /** Nothing stays here, not even what the page does not have yet. */
  clear(): void {
    for (const stroke of this.strokes.values()) stroke.isOfPage = true;
    this.commitAll();
  }

  /** As `start`, where this page's pen may send by the worker. @param open a worker that knows of pens */
  startPen(open: () => Worker, hear: (message: FromLiveStrokes) => void): void {
    if (this.worker && !this.hear) return;
    this.hear = hear;
    this.start(open);
    if (this.isReady) hear({ kind: "ready" });
  }

  /** The worker takes what is told of the pen. */
  get isPenReady(): boolean {
    return this.isReady && this.hear !== null;
  }

  tellPen(message: PenMessage, transfer: Transferable[] = []): void {
    this.waiting.push(message);
    this.tell(transfer);
  }

  /** With what is told next. */
  notePen(message: PenMessage): void {
    this.waiting.push(message);
  }

  close(): void {
    clearTimeout(this.resting ?? undefined);
    this.canvas?.remove();
    // It may have something to send.
    if (this.isPenReady) this.tellPen({ kind: "over" });
    else this.worker?.terminate();
  }

  private add(id: ItemId, ink: Ink, isOfPage: boolean): LiveStroke {
    const stroke: LiveStroke = { color: ink.color, writtenAt: null, heardAt: null, isOfPage };
    this.strokes.set(id, stroke);
    // Nearly always it is seen already: the board takes over a few strokes at a time.
    if (!this.isSeen) this.see(true);
    this.letGo([...this.lifted]);
    this.follow();
    this.waiting.push({ kind: "begin", id, ink });
    return stroke;
  }

  private written(id: ItemId, writtenAt: number): void {
    const stroke = this.strokes.get(id);
    if (!stroke) return;
    stroke.writtenAt = writtenAt;
    if (this.ofWritten().length >= MOST_WRITTEN) this.commit(this.ofWritten(performance.now()));
    this.rest(RESTS_MS);
  }

  /** Those of which all is there. @param before and all had appeared by then */
  private ofWritten(before = Number.POSITIVE_INFINITY): readonly ItemId[] {
    return this.idsOf(({ writtenAt }) => writtenAt !== null && writtenAt <= before);
  }

  private idsOf(are: (stroke: LiveStroke) => boolean): readonly ItemId[] {
    return [...this.strokes].filter(([, stroke]) => are(stroke)).map(([id]) => id);
  }

  /** Until then nobody writes, as far as this page hears. */
  private rest(ms: number): void {
    clearTimeout(this.resting ?? undefined);
    this.resting = setTimeout(() => {
      const silent = performance.now() - SILENT_MS;
      this.commit(this.idsOf(({ writtenAt, heardAt }) => writtenAt !== null || (heardAt !== null && heardAt <= silent)));
      if (this.idsOf(({ heardAt }) => heardAt !== null).length > 0) this.rest(SILENT_MS);
    }, ms);
  }

  /** The board's canvas has them with its next frame, which hides them here: in both at once their edges would be darker. */
  private commit(ids: readonly ItemId[]): void {
    const known = ids.filter((id) => this.strokes.get(id)?.isOfPage && this.strokes.delete(id));
    if (known.length === 0) return;
    this.board.committed();
    this.see(this.strokes.size > 0, () => {
      for (const id of known) this.lifted.add(id);
      setTimeout(() => {
        this.letGo(known.filter((id) => this.lifted.has(id)));
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
      if (this.canvas) this.canvas.style.opacity = isSeen ? SEEN : UNSEEN;
      then();
    });
  }

  /** The page may be moved under the pen. */
  private follow(): void {
    const place = this.board.place();
    if (this.place === place) return;
    this.place = place;
    this.waiting.push({ kind: "place", place });
  }

  private tell(transfer: Transferable[] = []): void {
    this.worker?.postMessage(this.waiting satisfies ToLiveStrokes, transfer);
    this.waiting = [];
  }
}

/**
 * Provides one person who draws on the board: what is chosen, what was done and can be taken back, and how it gets to the room. It knows no framework
 * and no canvas.
 */
import {
  BATCH_MS,
  type Color,
  type Content,
  History,
  type Item,
  type ItemId,
  inverseOf,
  itemIds,
  type Operation,
  type PageId,
  type Stroke,
  tagOf,
} from "@lectern/board";
import { numberOf } from "@lectern/room";
import { RoomError } from "../../room/room-error.ts";
import type { Room } from "../../room/use-room.ts";
import { after } from "../../schedule/after.ts";
import type { Ink } from "../canvas/live-stroke-messages.ts";
import { isOwnTag, keepOwnTag, ownTag } from "../pages/own-tag.ts";
import type { PageModel } from "../pages/page-model.ts";
import type { PageModels } from "../pages/page-models.ts";
import { OperationQueue } from "./operation-queue.ts";
import { type Choice, keepChoice, keptChoice } from "./tools.ts";
import type { WorkerPen } from "./worker-pen.ts";

export type SessionState = {
  readonly choice: Choice;
  readonly selection: readonly ItemId[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Why the last action was refused; null: it was not. */
  readonly refusal: { readonly code: string; readonly detail: string | null } | null;
};

/** In lessons with more people, batches are sent less often. */
const LARGE_LESSON_PEOPLE = 50;
const LARGE_LESSON_BATCH_MS = 200;

/** A stroke that is being drawn. */
export type StrokeInHand = {
  /** Gives what it has. Called before each batch. Null: another sends it. */
  readonly collect: (() => void) | null;
  /** The page is turned. */
  readonly finish: () => void;
};

const nextId = itemIds(ownTag);

export class DrawingSession {
  private current: SessionState = { choice: keptChoice(), selection: [], canUndo: false, canRedo: false, refusal: null };
  private room: Room | null = null;
  private page: PageId = "";
  private readonly models: PageModels;
  private readonly history = new History();
  private readonly queue: OperationQueue;
  private readonly listeners = new Set<() => void>();
  private inHand: StrokeInHand | null = null;
  private workerPen: WorkerPen | null = null;
  /** Of the line through which its worker sends; null: none yet, this page sends. */
  private portOf: Room["openPort"] | null = null;

  constructor(models: PageModels) {
    this.models = models;
    this.queue = new OperationQueue({
      send: (page, ops) => this.room?.send("stroke", { page, ops }) ?? Promise.reject(new RoomError("offline")),
      isOpen: () => this.room?.status === "open",
      intervalMs: () => this.intervalMs,
      after,
      beforeBatch: () => this.inHand?.collect?.(),
      onRefused: (error) => this.onRefused(error),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = (): SessionState => this.current;

  get model(): PageModel {
    return this.models.of(this.page);
  }

  /** The room and the page that is shown now. */
  setPlace(room: Room, page: PageId): void {
    const isBack = this.room?.status !== "open" && room.status === "open";
    this.room = room;
    if (page !== this.page) {
      this.inHand?.finish();
      this.page = page;
      this.select([]);
    }
    if (isBack) this.queue.schedule();
    this.workerPen?.setInterval(this.intervalMs);
  }

  /** @param pen sends in the place of this page, where the room has a line for its worker */
  setPen(pen: WorkerPen): void {
    pen.setInterval(this.intervalMs);
    this.workerPen = pen;
    this.portOf = null;
  }

  /** Sends in the place of this page; null: this page does, or has something left to send. */
  sendingPen(): WorkerPen | null {
    const { workerPen, room } = this;
    if (!workerPen || !room) return null;
    if (this.portOf !== room.openPort && this.queue.isIdle) {
      const port = room.openPort();
      if (port) {
        this.portOf = room.openPort;
        workerPen.connect(port);
      }
    }
    return this.portOf === null ? null : workerPen;
  }

  choose(change: (choice: Choice) => Choice): void {
    const choice = change(this.current.choice);
    keepChoice(choice);
    this.set({ choice, ...(choice.tool === "select" ? {} : { selection: [] }) });
  }

  select(selection: readonly ItemId[]): void {
    if (selection.length === 0 && this.current.selection.length === 0) return;
    this.set({ selection });
  }

  /** Chooses a color; what is selected takes it. */
  recolor(color: Color, choose: (choice: Choice, color: Color) => Choice): void {
    this.choose((choice) => choose(choice, color));
    const items = this.selected().filter(({ content }) => content.type !== "picture");
    if (items.length > 0) this.act(items.map(({ id }) => ["t", id, color]));
  }

  dismissRefusal(): void {
    this.set({ refusal: null });
  }

  /** What this person may change: staff everything, others what is their own. */
  changeable(): readonly Item[] {
    const isStaff = this.room?.you?.role === "staff";
    return this.model.items().filter(({ id, deleted }) => !deleted && (isStaff || isOwnTag(tagOf(id))));
  }

  newId(): ItemId {
    return nextId();
  }

  /** What was selected and is still there. */
  selected(): readonly Item[] {
    return this.current.selection.flatMap((id) => {
      const item = this.model.item(id);
      return item && !item.deleted ? [item] : [];
    });
  }

  /** Puts an item on the page. */
  put(content: Exclude<Content, Stroke>): ItemId {
    const id = this.newId();
    this.act([["i", id, content]]);
    return id;
  }

  /** Does something that can be taken back. */
  act(operations: readonly Operation[]): void {
    this.keepInverse(inverseOf(this.model, operations));
    this.send(this.page, operations);
  }

  /** A part of something whose inverse is known when it is over. */
  send(page: PageId, operations: readonly Operation[]): void {
    const model = this.models.of(page);
    const sender = this.sendingPen() ?? this.queue;
    keepOwnTag();
    for (const operation of operations) sender.add(page, operation, model.act([operation]));
  }

  /**
   * A stroke has begun on live strokes, and is sent from there.
   * @param written called when all of it is about to be on the page
   */
  write(pen: WorkerPen, id: ItemId, ink: Ink, written: () => void): void {
    const { page } = this;
    keepOwnTag();
    pen.write(page, id, ink, (operation) => {
      written();
      return this.models.of(page).act([operation]);
    });
  }

  sendHere(operations: readonly Operation[]): void {
    this.send(this.page, operations);
  }

  /** @param operations that take back what was done on this page */
  keepInverse(operations: readonly Operation[]): void {
    this.history.done({ page: this.page, operations });
    this.tellHistory();
  }

  /** Null: none is. */
  setInHand(stroke: StrokeInHand | null): void {
    this.inHand = stroke;
    if (stroke?.collect) this.queue.schedule();
  }

  undo(): void {
    this.whenWritten(() => this.step(this.history.undo((page) => this.models.of(page))));
  }

  redo(): void {
    this.whenWritten(() => this.step(this.history.redo((page) => this.models.of(page))));
  }

  close(): void {
    this.inHand?.collect?.();
    this.queue.close();
    this.listeners.clear();
  }

  private get intervalMs(): number {
    const people = numberOf(this.room?.signal("people") ?? {}, "count") ?? 0;
    return people > LARGE_LESSON_PEOPLE ? LARGE_LESSON_BATCH_MS : BATCH_MS;
  }

  /** A stroke that is sent by a worker is on the page a moment after its end. */
  private whenWritten(act: () => void): void {
    if (this.workerPen) this.workerPen.whenWritten(act);
    else act();
  }

  private step(step: ReturnType<History["undo"]>): void {
    if (step) this.send(step.page, step.operations);
    this.tellHistory();
  }

  private tellHistory(): void {
    const { canUndo, canRedo } = this.history;
    if (canUndo !== this.current.canUndo || canRedo !== this.current.canRedo) this.set({ canUndo, canRedo });
  }

  onRefused(error: unknown): void {
    if (!(error instanceof RoomError)) throw error;
    const { code, detail } = error;
    // The page is being left.
    if (code !== "offline") this.set({ refusal: { code, detail } });
  }

  private set(change: Partial<SessionState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }
}

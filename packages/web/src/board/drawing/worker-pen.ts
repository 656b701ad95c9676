/** Provides a person's pen whose worker sends what is written: the page hears of a stroke when the pen is lifted. */
import type { ItemId, Operation, PageId } from "@lectern/board";
import { RoomError } from "../../room/room-error.ts";
import type { FromLiveStrokes, Ink, PenMessage } from "../canvas/live-stroke-messages.ts";
import type { OwnAction } from "../pages/page-model.ts";
import type { OperationSender } from "./operation-queue.ts";

type WorkerPenEnvironment = {
  readonly tell: (message: PenMessage, transfer?: Transferable[]) => void;
  /** Told with what comes next. */
  readonly note: (message: PenMessage) => void;
  readonly onRefused: (error: RoomError) => void;
};

/** Of all pens of the page, which may have the same worker one after the other. */
let newest = 0;

export class WorkerPen implements OperationSender {
  private readonly environment: WorkerPenEnvironment;
  /** What waits for its answer. */
  private readonly actions = new Map<number, OwnAction>();
  /** Strokes that are being written, or just were: what puts them on the page. */
  private readonly strokes = new Map<number, (operation: Operation) => OwnAction>();
  /** Of them, those of which the pen was lifted. */
  private lifted = 0;
  private intervalMs: number | null = null;
  private waiting: (() => void)[] = [];

  constructor(environment: WorkerPenEnvironment) {
    this.environment = environment;
  }

  /** @param port to the room; what waits is sent through it */
  connect(port: MessagePort): void {
    this.environment.tell({ kind: "line", port }, [port]);
  }

  setInterval(intervalMs: number): void {
    if (intervalMs === this.intervalMs) return;
    this.intervalMs = intervalMs;
    this.environment.tell({ kind: "pace", intervalMs });
  }

  /** In one order with strokes. */
  add(page: PageId, operation: Operation, action: OwnAction): void {
    const number = ++newest;
    this.actions.set(number, action);
    this.environment.tell({ kind: "operation", number, page, operation });
  }

  /** A stroke has begun on the live strokes: what comes of it there is sent, until the pen is lifted. @param written puts all of it on the page */
  write(page: PageId, id: ItemId, ink: Ink, written: (operation: Operation) => OwnAction): void {
    const number = ++newest;
    this.strokes.set(number, written);
    this.environment.note({ kind: "write", number, page, id, ink });
  }

  lift(): void {
    this.lifted++;
    this.environment.tell({ kind: "lift" });
  }

  /** Once all strokes of which the pen was lifted are on the page. */
  whenWritten(act: () => void): void {
    if (this.lifted === 0) act();
    else this.waiting.push(act);
  }

  hear(message: FromLiveStrokes): void {
    switch (message.kind) {
      case "written":
        return this.onWritten(message.number, message.operation);
      case "stored":
        return this.settle(message.numbers, (action) => action.stored(message.seq));
      case "refused":
        this.settle(message.numbers, (action) => action.refused());
        this.environment.onRefused(RoomError.of(message.error));
    }
  }

  private onWritten(number: number, operation: Operation): void {
    const written = this.strokes.get(number);
    this.strokes.delete(number);
    if (written) this.actions.set(number, written(operation));
    if (--this.lifted > 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const act of waiting) act();
  }

  private settle(numbers: readonly number[], act: (action: OwnAction) => void): void {
    for (const number of numbers) {
      const action = this.actions.get(number);
      this.actions.delete(number);
      if (action) act(action);
    }
  }
}

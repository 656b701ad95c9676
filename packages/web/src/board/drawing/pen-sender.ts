/**
 * Works between a pen and the room, in a worker: the samples of the stroke in hand become batches, which are sent in one order with all else that the
 * person draws. The page is told of a stroke when the pen is lifted, and of what has become of it.
 */
import { BATCH_MS, decodePoints, InkWriter, type ItemId, type Operation, ORIGIN, type PageId, type Point } from "@lectern/board";
import type { ToPort } from "../../room/line-messages.ts";
import { randomId } from "../../room/random-id.ts";
import { RoomError } from "../../room/room-error.ts";
import { UnansweredActions } from "../../room/unanswered-actions.ts";
import { type FromLiveStrokes, type Ink, type ToLiveStrokes, unpacked } from "../canvas/live-stroke-messages.ts";
import type { OwnAction } from "../pages/page-model.ts";
import { OperationQueue } from "./operation-queue.ts";

/** What it uses of a port. */
export type PenPort = Pick<MessagePort, "postMessage" | "onmessage">;

export type PenEnvironment = {
  readonly tell: (message: FromLiveStrokes) => void;
  /** Points take the place of a stroke's samples. */
  readonly keep: (id: ItemId, points: readonly Point[]) => void;
  /** @returns the function that cancels it */
  readonly after: (ms: number, call: () => void) => () => void;
  /** Everything is sent, and nothing comes any more. */
  readonly close: () => void;
};

/** A stroke in hand. */
type Written = {
  readonly number: number;
  readonly page: PageId;
  readonly id: ItemId;
  readonly ink: Ink;
  /** Null: its first sample has not come. */
  writer: InkWriter | null;
  /** All points that were sent of it, and the last of them. */
  text: string;
  last: Point;
};

export class PenSender {
  private readonly environment: PenEnvironment;
  private readonly queue: OperationQueue;
  private port: PenPort | null = null;
  private isOpen = false;
  private isOver = false;
  private intervalMs = BATCH_MS;
  private inHand: Written | null = null;
  private readonly unanswered = new UnansweredActions();
  /** Of the batch that has just been answered. */
  private answered: number[] = [];

  constructor(environment: PenEnvironment) {
    this.environment = environment;
    this.queue = new OperationQueue({
      send: (page, operations) => this.send(page, operations),
      isOpen: () => this.isOpen,
      intervalMs: () => this.intervalMs,
      after: environment.after,
      beforeBatch: () => this.collect(),
      onStored: (seq) => {
        const numbers = this.takeAnswered();
        if (numbers.length > 0) environment.tell({ kind: "stored", numbers, seq });
        this.endIfOver();
      },
      onRefused: (error) => {
        if (!(error instanceof RoomError)) throw error;
        environment.tell({ kind: "refused", numbers: this.takeAnswered(), error: error.fields });
        this.endIfOver();
      },
    });
  }

  /** @param message those about ink alone are not for it */
  take(message: ToLiveStrokes[number]): void {
    switch (message.kind) {
      case "line":
        return this.connect(message.port);
      case "pace":
        this.intervalMs = message.intervalMs;
        return;
      case "write": {
        const { number, page, id, ink } = message;
        this.inHand = { number, page, id, ink, writer: null, text: "", last: ORIGIN };
        return;
      }
      case "more":
        if (message.id === this.inHand?.id) this.write(this.inHand, unpacked(message.samples));
        return;
      case "lift":
        return this.lift();
      case "operation":
        return this.queue.add(message.page, message.operation, this.actionOf(message.number));
      case "over":
        this.isOver = true;
        this.lift();
        this.queue.close();
        this.endIfOver();
    }
  }

  private connect(port: PenPort): void {
    this.port = port;
    this.isOpen = false;
    port.onmessage = ({ data }: MessageEvent<ToPort>) => {
      if (data.kind !== "open") this.unanswered.settle(data);
      else if (port === this.port) this.onLine(data.isOpen);
    };
  }

  private onLine(isOpen: boolean): void {
    this.isOpen = isOpen;
    if (isOpen) this.queue.schedule();
  }

  private send(page: PageId, ops: readonly Operation[]): Promise<{ readonly seq: number }> {
    const action = { id: randomId(), kind: "stroke", mediaTime: null, body: { page, ops } };
    return this.unanswered.send(action, (numbered) => this.port?.postMessage(numbered));
  }

  private write(written: Written, points: readonly Point[]): void {
    const { id, ink } = written;
    for (const { at, ...place } of points) {
      const sample = { ...place, time: at };
      if (written.writer) written.writer.add(sample);
      else written.writer = new InkWriter({ id, ...ink }, sample);
    }
    this.queue.schedule();
  }

  /** What has come since the last batch. */
  private collect(): void {
    const operation = this.inHand?.writer?.batch();
    if (this.inHand && operation) this.add(this.inHand, operation, NOBODY);
  }

  private lift(): void {
    const written = this.inHand;
    this.inHand = null;
    if (!written?.writer) return;
    const { number, id, ink, writer } = written;
    this.add(written, writer.end(), this.actionOf(number));
    this.environment.tell({ kind: "written", number, operation: ["s", id, ink.tool, ink.color, ink.width, written.text, 1] });
  }

  private add(written: Written, operation: Operation, action: OwnAction): void {
    const text = textOf(operation);
    const points = decodePoints(text, written.last) ?? [];
    written.text += text;
    written.last = points.at(-1) ?? written.last;
    this.environment.keep(written.id, points);
    this.queue.add(written.page, operation, action);
  }

  private actionOf(number: number): OwnAction {
    const note = () => void this.answered.push(number);
    return { stored: note, refused: note };
  }

  private takeAnswered(): readonly number[] {
    const { answered } = this;
    this.answered = [];
    return answered;
  }

  private endIfOver(): void {
    if (this.isOver && this.queue.isIdle) this.environment.close();
  }
}

/** Nobody waits for the answer. */
const NOBODY: OwnAction = { stored: () => {}, refused: () => {} };

/** The points of an operation of a stroke. */
function textOf(operation: Operation): string {
  if (operation[0] === "s") return operation[5];
  return operation[0] === "p" ? operation[2] : "";
}

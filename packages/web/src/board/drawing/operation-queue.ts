/**
 * Sends what this person draws to the room: in batches at a fixed interval, as many operations in an action as it may have. While there is no line, or the
 * room is slow, what waits is put together: points of a stroke become one text, and of several places of an item only the last one is sent.
 */
import { LIMITS, type Operation, type PageId } from "@lectern/board";
import type { OwnAction } from "../pages/page-model.ts";

export type QueuedOperation = { readonly page: PageId; readonly operation: Operation; readonly actions: readonly OwnAction[] };

export type QueueEnvironment = {
  /** Sends an action. @returns its place in the log. Rejects when the room refuses it */
  readonly send: (page: PageId, operations: readonly Operation[]) => Promise<{ readonly seq: number }>;
  readonly isOpen: () => boolean;
  readonly intervalMs: () => number;
  /** @returns the function that cancels it */
  readonly after: (ms: number, call: () => void) => () => void;
  /** Called before each batch, for strokes that are being drawn. */
  readonly beforeBatch: () => void;
  /** After the actions have heard of it. Default: nobody wants to know. */
  readonly onStored?: (seq: number) => void;
  readonly onRefused: (error: unknown) => void;
};

/** What a person draws goes to the room through it. */
export type OperationSender = {
  /** @param action hears what becomes of it */
  readonly add: (page: PageId, operation: Operation, action: OwnAction) => void;
};

/** An action of the room is at most 16 kB. */
const MAX_CHARACTERS = 12_000;

export class OperationQueue implements OperationSender {
  private readonly environment: QueueEnvironment;
  private waiting: QueuedOperation[] = [];
  /** One action at a time is sent: points that overtake others would be points of another stroke. */
  private isSending = false;
  private cancel: (() => void) | null = null;

  constructor(environment: QueueEnvironment) {
    this.environment = environment;
  }

  /** Nothing waits for a line or for an answer. */
  get isIdle(): boolean {
    return !this.isSending && this.waiting.length === 0;
  }

  add(page: PageId, operation: Operation, action: OwnAction): void {
    const merged = mergedInto(this.waiting, { page, operation, actions: [action] });
    if (merged) this.waiting = merged;
    else this.waiting.push({ page, operation, actions: [action] });
    this.schedule();
  }

  /** A stroke is being drawn: batches go on until nothing comes any more. */
  schedule(): void {
    this.cancel ??= this.environment.after(this.environment.intervalMs(), () => {
      this.cancel = null;
      this.environment.beforeBatch();
      this.flush();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  /** Sends what may be sent now. */
  private flush(): void {
    const { isOpen, send, onStored, onRefused } = this.environment;
    const batch = this.isSending || !isOpen() ? [] : takeBatch(this.waiting);
    const [first] = batch;
    if (!first) return;
    this.waiting = this.waiting.slice(batch.length);
    this.isSending = true;
    const actions = batch.flatMap((one) => one.actions);
    const operations = batch.map(({ operation }) => operation);
    const settle = (act: (action: OwnAction) => void): void => {
      this.isSending = false;
      for (const action of actions) act(action);
      if (this.waiting.length > 0) this.schedule();
    };
    send(first.page, operations).then(
      ({ seq }) => {
        settle((action) => action.stored(seq));
        onStored?.(seq);
      },
      (error: unknown) => {
        settle((action) => action.refused());
        onRefused(error);
      },
    );
  }

  /** What waits is sent once more, if there is a line; nothing is scheduled after it. */
  close(): void {
    this.flush();
    this.cancel?.();
    this.cancel = null;
  }
}

/** As many as one action takes, of one page. */
function takeBatch(waiting: readonly QueuedOperation[]): readonly QueuedOperation[] {
  let characters = 0;
  const end = waiting.findIndex(({ page, operation }, i) => {
    characters += JSON.stringify(operation).length;
    return i > 0 && (page !== waiting[0]?.page || i >= LIMITS.operationsOfAction || characters > MAX_CHARACTERS);
  });
  return end < 0 ? waiting : waiting.slice(0, end);
}

/** Null: the operation stands for itself. */
function mergedInto(waiting: readonly QueuedOperation[], next: QueuedOperation): QueuedOperation[] | null {
  const { page, operation } = next;
  const [letter, id] = operation;
  if (letter !== "p" && letter !== "m") return null;
  const index = waiting.findLastIndex((one) => one.page === page && concerns(one.operation, id));
  const before = waiting[index];
  const together = before && mergeOf(before.operation, operation);
  if (!before || !together || JSON.stringify(together).length > MAX_CHARACTERS) return null;
  return waiting.with(index, { page, operation: together, actions: [...before.actions, ...next.actions] });
}

function concerns([letter, id]: Operation, wanted: string): boolean {
  return letter === "x" || (typeof id === "string" ? id === wanted : (id?.includes(wanted) ?? false));
}

function mergeOf(before: Operation, next: Operation): Operation | null {
  if (before[0] === "m" && next[0] === "m") return next;
  if (next[0] !== "p") return null;
  const [, , text, ended] = next;
  if (before[0] === "p" && before[3] === 0) return ["p", before[1], before[2] + text, ended];
  if (before[0] !== "s" || before[6] === 1) return null;
  const [, id, tool, color, width, points] = before;
  return ["s", id, tool, color, width, points + text, ended];
}

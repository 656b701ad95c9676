/**
 * Does the background work of the school, of all kinds: what waits in the database until it is due. One process of all on one database does it, the
 * leader; the others tell it what they have queued. A restart loses nothing, because a row is due until its end is stored.
 */
import { setTimeout } from "node:timers/promises";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import type { Logger } from "../../../platform/log.ts";
import type { AuditEntry } from "../store/audit-log.ts";
import type { WorkItem, WorkKind } from "./work-kind.ts";
import { WorkLoop } from "./work-loop.ts";

/** The longest sleep where every change wakes the process that does the work: a wake-up is lost only with a process that is killed after a commit. */
export const SLEEP_MS = 30_000;
/** The same while changes of other processes may be missed. */
export const POLL_MS = 2000;
/** What is being done at the end may go on for so long. */
const CLOSE_WITHIN_MS = 3000;

/** How processes on one database wake each other (`work-notices.ts`). */
export type WakeOthers = {
  /** Whether this process is told of what others have queued. */
  readonly isHeard: () => boolean;
  /** Wakes a kind at the process that does the work. */
  readonly wake: (kind: string) => void;
};

export type BackgroundWorkOptions = {
  readonly log: Logger;
  /** Whether this process runs the leader tasks. */
  readonly isLeader: () => boolean;
  /** Default: this is the only process on its database. */
  readonly others?: WakeOthers;
  /** Default: the machine's. */
  readonly clock?: Clock;
};

type Entry = {
  readonly wake: () => void;
  readonly settled: () => Promise<void>;
  readonly isWokenBy: (entry: AuditEntry) => boolean;
};

export class BackgroundWork {
  private readonly options: BackgroundWorkOptions;
  private readonly kinds = new Map<string, Entry>();
  private readonly stopping = new AbortController();
  private isStarted = false;

  constructor(options: BackgroundWorkOptions) {
    this.options = options;
  }

  add<Item extends WorkItem>(kind: WorkKind<Item>): void {
    const { log, isLeader, others, clock = systemClock } = this.options;
    const loop = new WorkLoop(kind, {
      log,
      clock,
      isWanted: () => this.isStarted && isLeader(),
      sleepMs: () => (others?.isHeard() === false ? POLL_MS : SLEEP_MS),
      signal: this.stopping.signal,
    });
    this.kinds.set(kind.name, {
      wake: () => loop.wake(),
      settled: () => loop.settled(),
      isWokenBy: kind.isWokenBy ?? (() => false),
    });
  }

  start(): void {
    this.isStarted = true;
    this.wakeAll();
  }

  /** Rows of this kind may be due now, after a commit of this process. */
  wake(kind: string): void {
    const { isLeader, others } = this.options;
    if (isLeader()) this.heard(kind);
    else others?.wake(kind);
  }

  /** The same, told by another process. */
  heard(kind: string): void {
    this.kinds.get(kind)?.wake();
  }

  /** This process has become the leader, or may have missed what others told. */
  wakeAll(): void {
    for (const { wake } of this.kinds.values()) wake();
  }

  /** Wakes the kinds that a committed change may make due. */
  committed(entries: readonly AuditEntry[]): void {
    for (const [name, { isWokenBy }] of this.kinds) if (entries.some(isWokenBy)) this.wake(name);
  }

  /** Begins nothing more, and waits a little for what was begun: its rows are due again where it does not end. May be called twice. */
  async close(): Promise<void> {
    this.stopping.abort();
    const settled = Promise.all([...this.kinds.values()].map((kind) => kind.settled()));
    const late = new AbortController();
    await Promise.race([settled, setTimeout(CLOSE_WITHIN_MS, undefined, { signal: late.signal, ref: false }).catch(() => {})]);
    late.abort();
  }
}

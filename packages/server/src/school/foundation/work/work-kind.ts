/**
 * Describes a kind of background work: where its rows wait, how one is done, how many at a time. `background-work.ts` does the rest: when to look,
 * whose turn it is, another attempt after an error, one process of all, the end. The README beside says how to add one.
 */
import type { AuditEntry } from "../store/audit-log.ts";

/** A row that waits, or several that are done together. */
export type WorkItem = {
  /** Names it within its kind: it is not done twice at the same time. */
  readonly id: string;
  /** Whose it is: schools get places in turn. Null: the platform, which counts as one school. */
  readonly schoolId: string | null;
  /** What it is sent to, within its school: an endpoint, a channel. Targets get places in turn. */
  readonly target: string;
  /** Failed attempts at this target since its last success. */
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
};

/** How many items are done at the same time. */
export type Slots = {
  readonly total: number;
  readonly perSchool: number;
  readonly perTarget: number;
  /** For all targets together whose last attempt failed. */
  readonly failing: number;
  /** A target with as many failures has one place: its next item is a probe. */
  readonly probeAfter: number;
};

export type Look = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Items that are due later than this are looked for later, milliseconds since 1970. */
  readonly until: number;
  /** The ids of what is being done. */
  readonly busy: readonly string[];
};

export type Turn = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Aborted when the process ends: long work stops after its step, and its row is due again. */
  readonly signal: AbortSignal;
};

export type WorkKind<Item extends WorkItem> = {
  /** For the log, and to wake it. */
  readonly name: string;
  readonly places: Partial<Slots>;
  /**
   * The items that are due until `until`, in the order in which they are due, without those of `busy`. Of each school and target there must be as
   * many as have places, so that a long queue hides no other. An item in the future says when to look again.
   */
  readonly find: (look: Look) => Promise<readonly Item[]>;
  /**
   * Does one item, and stores how that ended and when it is due again (`retry-schedule.ts`). It may come twice: a process can end before it has stored
   * anything. Throws where nothing could be stored; the item is done again, with growing delays.
   */
  readonly perform: (item: Item, turn: Turn) => Promise<void>;
  /** What the log says when `perform` throws. */
  readonly failure: string;
  /** An item that is due still after it was done is done again after so long, unless the kind is woken. Default: 1 s. */
  readonly restMs?: number;
  /** Whether a change may make an item due, by its entry in the audit log. */
  readonly isWokenBy?: (entry: AuditEntry) => boolean;
};

/** A row that waits, with nothing else at its target. */
export function dueItem(row: {
  readonly id: string;
  readonly school_id: string | null;
  readonly next_at: Date | null;
  readonly attempts: number;
}): WorkItem {
  const { id, school_id: schoolId, next_at: nextAt, attempts: failures } = row;
  return { id, schoolId, target: id, failures, dueAt: nextAt?.getTime() ?? 0 };
}

/** An item whose kind has neither schools nor targets that could be in each other's way. */
export function soleItem(id: string, dueAt: number): WorkItem {
  return { id, schoolId: null, target: id, failures: 0, dueAt };
}

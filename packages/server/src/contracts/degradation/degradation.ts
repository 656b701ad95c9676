/**
 * Answers in each process whether something is shed here: `sheds(what, where)`. Operators turn switches on, for everybody, a school or a lesson, which the
 * database has; under pressure each node goes through the list (`sheddable.ts`) by itself. The supervisor tells both to its processes.
 */
import { SHEDDABLE_NAMES, type Sheddable } from "./sheddable.ts";

/** What somebody has turned off. Of a school, of a lesson, or of everybody where both are null. Names and fields are on the wire between nodes. */
export type DegradationSwitch = {
  readonly id: string;
  readonly what: Sheddable;
  readonly schoolId: string | null;
  readonly lessonId: string | null;
  /** Milliseconds since 1970; null: until somebody ends it. */
  readonly until: number | null;
};

export const PRESSURES = ["loop-delay", "database", "processor", "memory"] as const;
export type Pressure = (typeof PRESSURES)[number];

/** What a node does without by itself. */
export type AutomaticDegradation = {
  /** So many entries of the list, from the first on. */
  readonly level: number;
  /** What decided the last step up; null at level 0. */
  readonly pressure: Pressure | null;
  /** Of the last change, milliseconds since 1970. */
  readonly since: number;
};

export type DegradationState = {
  readonly switches: readonly DegradationSwitch[];
  readonly automatic: AutomaticDegradation;
  /** The other nodes that do without something by themselves. */
  readonly nodes: readonly { readonly node: string; readonly automatic: AutomaticDegradation }[];
};

/** Where something is asked; absent: in no lesson, or no school's. */
export type ShedScope = { readonly schoolId?: string | null | undefined; readonly lessonId?: string | null | undefined };

/** The part that places need which shed something. */
export type Sheds = Pick<Degradation, "sheds">;

export const NOT_AUTOMATIC: AutomaticDegradation = { level: 0, pressure: null, since: 0 };
export const NOTHING_SHED: DegradationState = { switches: [], automatic: NOT_AUTOMATIC, nodes: [] };

export class Degradation {
  private current: DegradationState;
  private readonly listeners = new Set<() => void>();

  constructor(state: DegradationState = NOTHING_SHED) {
    this.current = state;
  }

  get state(): DegradationState {
    return this.current;
  }

  /** Whether something is shed at a scope. */
  sheds(what: Sheddable, { schoolId = null, lessonId = null }: ShedScope = {}): boolean {
    const { switches, automatic } = this.current;
    if (SHEDDABLE_NAMES.indexOf(what) < automatic.level) return true;
    return switches.some((one) => {
      if (one.what !== what) return false;
      if (one.lessonId !== null) return one.lessonId === lessonId;
      return one.schoolId === null || one.schoolId === schoolId;
    });
  }

  /** All that is shed at a scope, in the order of the list. */
  shedAt(scope: ShedScope = {}): readonly Sheddable[] {
    return SHEDDABLE_NAMES.filter((what) => this.sheds(what, scope));
  }

  take(state: DegradationState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }

  /** Called after each change. Returns the function that ends it. */
  onChanged(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Defines the result of a load test, as it is kept in JSON: programs read it, and two of them are compared. */

/** Milliseconds. */
export type StepFigures = {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
};

/** refused: the server answered with this code. failed: no answer, or a broken connection. */
export type Failure = { readonly step: string; readonly code: string; readonly isRefusal: boolean; readonly count: number };

export type ProcessUse = { readonly cores: number; readonly memoryBytes: number };

/** What a server told of itself on its page of metrics. */
export type ServerSample = {
  readonly server: string;
  /** By the name of the process. */
  readonly processes: Readonly<Record<string, ProcessUse>>;
  /** Of the machine; null: not told. */
  readonly machineCoresUsed: number | null;
  readonly machineCores: number | null;
  readonly viewers: number | null;
  readonly sentMbps: number | null;
};

/** Of this process, which makes the load. */
export type OwnUse = {
  readonly cores: number;
  /** By how much its event loop was late, milliseconds. */
  readonly lateP99: number;
  readonly lateMax: number;
  readonly sockets: number;
};

export type Second = {
  /** Since the beginning of the test. */
  readonly second: number;
  readonly present: number;
  readonly watching: number;
  readonly inRooms: number;
  readonly publishing: number;
  readonly joins: number;
  readonly failures: number;
  /** Of this second; null: nobody got one. */
  readonly firstFrameP99: number | null;
  readonly chatP99: number | null;
  readonly delayP99: number | null;
  /** Stalls that viewers have had so far. */
  readonly stalls: number;
  readonly receivedMbps: number;
  readonly own: OwnUse;
  readonly servers: readonly ServerSample[];
};

export type GoalResult = {
  readonly goal: string;
  readonly most: number;
  /** Null: nothing was measured, which misses the goal. */
  readonly measured: number | null;
  readonly isMet: boolean;
};

export type LoadResult = {
  readonly version: 1;
  readonly title: string;
  readonly seed: number;
  readonly target: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly people: number;
  readonly lessons: number;
  /** How many came, and how many of them had everything that they came for. */
  readonly came: number;
  readonly served: number;
  readonly steps: Readonly<Record<string, StepFigures>>;
  readonly failures: readonly Failure[];
  readonly refused: number;
  readonly failed: number;
  readonly watchedSeconds: number;
  readonly stalls: number;
  readonly stalledSeconds: number;
  readonly lostSeconds: number;
  readonly receivedBytes: number;
  readonly said: Readonly<Record<string, number>>;
  /** Why this process was too busy to judge the server; empty: it was not. */
  readonly ownLimits: readonly string[];
  readonly goals: readonly GoalResult[];
  readonly timeline: readonly Second[];
};

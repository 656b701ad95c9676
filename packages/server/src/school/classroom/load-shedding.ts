/**
 * Decides what rooms do without while this process has more to do than it can: reactions first, then bullet comments, the details of the roster,
 * and quick chat. Lesson, quiz and sign-in are never shed.
 */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { RoomHandle } from "./domain.ts";

export const SHED_REACTIONS = 1;
export const SHED_DANMAKU = 2;
export const SHED_ROSTER = 3;
export const SHED_CHAT = 4;
/** Everything up to the level is shed; 0: nothing. */
export type SheddingLevel = 0 | typeof SHED_REACTIONS | typeof SHED_DANMAKU | typeof SHED_ROSTER | typeof SHED_CHAT;

/** What the process has measured since the decision before. */
export type LoadSample = {
  /** The 95th percentile of how late timers were, in milliseconds. */
  readonly lagMs: number;
  /** The longest time that a group of actions took to be stored; 0: none was. */
  readonly commitMs: number;
};

export type SheddingState = {
  readonly level: SheddingLevel;
  /** What decided the last change. */
  readonly reason: SheddingReason | null;
  /** Decisions in a row whose load was low enough for the level below. */
  readonly calm: number;
  /** Decisions in a row whose load was too high. */
  readonly hot: number;
};
export type SheddingReason = "processor" | "database";

export const NO_SHEDDING: SheddingState = { level: 0, reason: null, calm: 0, hot: 0 };

/** Load is 1 where the process is as slow as it may be: entries reach people within 200 ms, of which these are a part. */
const MAX_LAG_MS = 80;
const MAX_COMMIT_MS = 400;
/** Below it, the level goes down: far enough from 1 that what comes back does not raise it again. */
const CALM_LOAD = 0.4;
/** So many hot decisions in a row raise the level by one: a single slow write is no load. */
const HOT_DECISIONS = 2;
/** So many calm decisions in a row lower the level by one. */
const CALM_DECISIONS = 10;
const HIGHEST = SHED_CHAT;

/** The next state: up within two decisions, down slowly. */
export function nextShedding(state: SheddingState, { lagMs, commitMs }: LoadSample): SheddingState {
  const ofProcessor = lagMs / MAX_LAG_MS;
  const ofDatabase = commitMs / MAX_COMMIT_MS;
  const load = Math.max(ofProcessor, ofDatabase);
  const reason = ofProcessor >= ofDatabase ? "processor" : "database";
  if (load >= 1) {
    if (state.hot + 1 < HOT_DECISIONS) return { ...state, calm: 0, hot: state.hot + 1 };
    return { level: levelOf(state.level + 1), reason, calm: 0, hot: 0 };
  }
  if (load >= CALM_LOAD || state.level === 0) return { ...state, calm: 0, hot: 0 };
  if (state.calm + 1 < CALM_DECISIONS) return { ...state, calm: state.calm + 1, hot: 0 };
  const level = levelOf(state.level - 1);
  return { level, reason: level === 0 ? null : state.reason, calm: 0, hot: 0 };
}

const LEVELS: readonly SheddingLevel[] = [0, SHED_REACTIONS, SHED_DANMAKU, SHED_ROSTER, SHED_CHAT];

function levelOf(level: number): SheddingLevel {
  return LEVELS[Math.max(0, Math.min(HIGHEST, level))] ?? 0;
}

const DECIDE_MS = 1000;
const RESOLUTION_MS = 20;
const NANOSECONDS = 1e6;

/** The shedding of this process, which tells staff of each room when it changes. */
export class LoadShedding {
  private state = NO_SHEDDING;
  private commitMs = 0;
  private readonly rooms = new Map<string, RoomHandle>();
  private measuring: { readonly lag: IntervalHistogram; readonly timer: NodeJS.Timeout } | null = null;

  get level(): SheddingLevel {
    return this.state.level;
  }

  /** How long a group of actions took to be stored. */
  committed(milliseconds: number): void {
    this.commitMs = Math.max(this.commitMs, milliseconds);
  }

  opened(room: RoomHandle): void {
    this.rooms.set(room.lessonId, room);
    if (this.level > 0) this.tell(room);
    if (this.measuring) return;
    const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    lag.enable();
    this.measuring = { lag, timer: setInterval(() => this.measure(lag), DECIDE_MS).unref() };
  }

  closed(lessonId: string): void {
    this.rooms.delete(lessonId);
    if (this.rooms.size > 0 || !this.measuring) return;
    clearInterval(this.measuring.timer);
    this.measuring.lag.disable();
    this.measuring = null;
    this.state = NO_SHEDDING;
  }

  /** Decides by a sample; called each second while there are rooms. */
  decide(sample: LoadSample): void {
    const { level } = this.state;
    this.state = nextShedding(this.state, sample);
    if (this.state.level !== level) for (const room of this.rooms.values()) this.tell(room);
  }

  private measure(lag: IntervalHistogram): void {
    // The histogram has the whole interval between two samples, which is at least its resolution.
    const lagMs = lag.count === 0 ? 0 : Math.max(0, lag.percentile(95) / NANOSECONDS - RESOLUTION_MS);
    lag.reset();
    const { commitMs } = this;
    this.commitMs = 0;
    this.decide({ lagMs, commitMs });
  }

  private tell(room: RoomHandle): void {
    const { level, reason } = this.state;
    room.signal({ kind: "shed", key: "", to: "staff", body: { level, reason } });
  }
}

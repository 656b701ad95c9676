/**
 * Judges the rules of alarms by what was measured lately, on the leader, and reports the alarms that are open. Of one rule, some subjects have
 * alarms of their own, and what is beyond is one alarm: a fault of a whole network is no flood.
 */

import { SAMPLE_MS } from "../../../contracts/monitoring/node-sample.ts";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import { SEVERITIES, type Severity } from "../../foundation/store/alarm-codes.ts";
import type { AlarmRule } from "../../foundation/store/alarm-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { AlarmService, OpenAlarm } from "./alarm-service.ts";
import { measuredText } from "./alarm-texts.ts";
import { GoneNodes } from "./gone-nodes.ts";
import { judgeRule } from "./judge-rule.ts";
import { type Measurements, newestOf, staleAfterMs } from "./measurements.ts";
import { whatIsSeen } from "./seen.ts";
import { matchesPattern } from "./subject-pattern.ts";

/** Subjects of one rule with alarms of their own. */
const MAX_ALARMS = 20;
/** The subject of the alarm about those beyond. */
export const ALL_SUBJECTS = "*";
/** So long after a start or a change of the leader, open alarms stay even though nothing has been measured of their subjects. */
const SETTLING_MS = 180_000;

export type RuleWatchOptions = {
  readonly db: Database;
  readonly alarms: Pick<AlarmService, "report" | "goneNodes">;
  readonly measurements: Measurements;
  readonly log: Logger;
  readonly isLeader: () => boolean;
};

type State = {
  /** The alarms that are open, by subject, in the order of their beginning. */
  readonly own: Map<string, OpenAlarm>;
  /** Subjects beyond, which share one alarm. */
  readonly many: Set<string>;
  manyAlarm: OpenAlarm | null;
};

export class RuleWatch {
  private readonly options: RuleWatchOptions;
  private readonly gone = new GoneNodes();
  /** By the id of the rule; null: this process is not the leader. */
  private states: Map<string, State> | null = null;
  /** How urgent the open alarms about a metric of a subject are. */
  private readonly told = new Map<string, Severity>();
  private leadsSince = 0;
  private readonly work: PeriodicWork;

  constructor(options: RuleWatchOptions) {
    this.options = options;
    this.work = new PeriodicWork({
      everyMs: SAMPLE_MS,
      work: (now) => this.judge(now),
      log: options.log,
      failure: "rules of alarms not judged, trying again",
    });
  }

  start(): void {
    this.work.start();
  }

  async close(): Promise<void> {
    await this.work.close();
  }

  /** Judges all rules once. @param now milliseconds since 1970 */
  async judge(now: number): Promise<void> {
    const { db, alarms, isLeader } = this.options;
    if (!isLeader()) {
      this.states = null;
      return;
    }
    const states = this.states ?? (await openStates(db));
    if (this.states === null) this.leadsSince = now;
    this.states = states;
    this.gone.update(alarms.goneNodes(), now);
    const enabled = await db.selectFrom("alarm_rules").selectAll().where("enabled", "=", true).orderBy("id").execute();
    const rules = enabled.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
    this.told.clear();
    for (const rule of rules) {
      const state = states.get(rule.id) ?? { own: new Map(), many: new Set(), manyAlarm: null };
      states.set(rule.id, state);
      const changed = this.judgeSubjects(rule, state, now);
      for (const subject of [...state.own.keys(), ...state.many]) {
        const key = measuredKey(rule, subject);
        if (!this.told.has(key)) this.told.set(key, rule.severity);
      }
      if (changed) alarms.report(`rule ${rule.id}`, openAlarms(state));
    }
    const judged = new Set(rules.map(({ id }) => id));
    for (const id of states.keys())
      if (!judged.has(id)) {
        states.delete(id);
        alarms.report(`rule ${id}`, []);
      }
  }

  /** Whether the open alarms have changed. */
  private judgeSubjects(rule: AlarmRule, state: State, now: number): boolean {
    const { measurements } = this.options;
    const known = new Set([...measurements.subjects(rule.kind), ...state.own.keys(), ...state.many]);
    let changed = false;
    for (const subject of known) {
      const wasOpen = state.own.has(subject) || state.many.has(subject);
      const isOpen = this.isOpen(rule, subject, wasOpen, now);
      if (isOpen === wasOpen) continue;
      changed = true;
      if (!isOpen) {
        state.own.delete(subject);
        state.many.delete(subject);
      } else if (state.own.size < MAX_ALARMS && state.many.size === 0) state.own.set(subject, this.alarmOf(rule, subject, now));
      else state.many.add(subject);
    }
    return this.updateMany(rule, state, now) || changed;
  }

  private updateMany(rule: AlarmRule, state: State, now: number): boolean {
    const isSettling = now - this.leadsSince < SETTLING_MS;
    if (state.many.size > 0 === (state.manyAlarm !== null) || (state.many.size === 0 && isSettling)) return false;
    const detail = `${state.own.size + state.many.size} in all`;
    state.manyAlarm = state.many.size === 0 ? null : { ...this.alarmOf(rule, ALL_SUBJECTS, now), detail };
    return true;
  }

  private isOpen(rule: AlarmRule, subject: string, wasOpen: boolean, now: number): boolean {
    const { kind, metric } = rule;
    if (!matchesPattern(rule.subject, subject) || this.gone.covers(kind, subject)) return false;
    // A disk that is nearly full is filling up too: that is told already.
    const told = this.told.get(measuredKey(rule, subject));
    if (!wasOpen && told !== undefined && told !== rule.severity) return false;
    if (!wasOpen && (this.gone.delays(kind, now) || !this.isGuarded(rule, subject, now))) return false;
    const staleMs = staleAfterMs(kind);
    const from = now - Math.max(rule.for_seconds, rule.clear_seconds) * 1000 - 2 * staleMs;
    const values = this.options.measurements.window(kind, subject, metric, from, now);
    const keepsWithoutValues = now - this.leadsSince < SETTLING_MS;
    return judgeRule(rule, values, { isOpen: wasOpen, now, staleMs, keepsWithoutValues });
  }

  private isGuarded({ kind, guard_metric, guard_least }: AlarmRule, subject: string, now: number): boolean {
    if (guard_metric === null || guard_least === null) return true;
    const value = newestOf(this.options.measurements, kind, subject, guard_metric, now);
    return value !== null && value >= guard_least;
  }

  private alarmOf(rule: AlarmRule, subject: string, now: number): OpenAlarm {
    const { kind, metric, threshold } = rule;
    const value = newestOf(this.options.measurements, kind, subject, metric, now);
    const isSilent = rule.silent_until !== null && rule.silent_until.getTime() > now;
    return {
      code: rule.code,
      subject,
      detail: value === null ? "" : measuredText("en", metric, value),
      rule: {
        id: rule.id,
        severity: rule.severity,
        channels: rule.channels,
        isSilent,
        seen: whatIsSeen(this.options.measurements, { kind, subject, metric, threshold }, now),
      },
    };
  }
}

function measuredKey({ kind, metric, comparison }: AlarmRule, subject: string): string {
  return `${kind} ${metric} ${comparison} ${subject}`;
}

function openAlarms({ own, manyAlarm }: State): readonly OpenAlarm[] {
  return manyAlarm === null ? [...own.values()] : [...own.values(), manyAlarm];
}

/** What an earlier leader has reported. */
async function openStates(db: Database): Promise<Map<string, State>> {
  const open = await db
    .selectFrom("alarms")
    .select(["source", "code", "subject", "detail"])
    .where("source", "like", "rule %")
    .where("cleared_at", "is", null)
    .orderBy("id")
    .execute();
  const states = new Map<string, State>();
  for (const { source, code, subject, detail } of open) {
    const id = source.slice("rule ".length);
    const state: State = states.get(id) ?? { own: new Map(), many: new Set(), manyAlarm: null };
    states.set(id, state);
    if (subject === ALL_SUBJECTS) state.manyAlarm = { code, subject, detail };
    else state.own.set(subject, { code, subject, detail });
  }
  return states;
}

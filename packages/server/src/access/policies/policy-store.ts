/**
 * Holds all policies in a media worker, and answers which rules hold for a stream or recording. The control process sends them, and each change;
 * while it is unreachable, the last known ones stay in force.
 */
import { Refusal } from "../../platform/refusal.ts";
import type { LinkKey } from "../links/link-scheme.ts";
import {
  type EffectiveRule,
  effectiveRules,
  type Policy,
  type PolicyTarget,
  type RuleAction,
  type RuleKind,
} from "./access-policy.ts";
import type { PolicySnapshot } from "./policy-snapshot.ts";

/** What a stream or recording belongs to: the ids of its school, course and lesson, where it has them. */
export type Belonging = {
  readonly schoolId?: string | null | undefined;
  readonly courseId?: string | null | undefined;
  readonly lessonId?: string | null | undefined;
  /** `app/name` of a stream that belongs to no lesson. */
  readonly stream?: string | null | undefined;
  readonly recordingId?: string | null | undefined;
};

/** Rules that were put together; beyond that all are dropped, and put together again on demand. */
const MAX_CACHED = 10_000;
const NONE: readonly EffectiveRule[] = [];

export class PolicyStore {
  readonly linkKeys = new Map<string, LinkKey>();
  private readonly policies = new Map<string, Policy>();
  /** The schools that streams without a lesson belong to, by `app/name`. */
  private readonly schools = new Map<string, string>();
  private readonly cached = new Map<string, readonly EffectiveRule[]>();
  private known = false;
  private kinds: ReadonlySet<RuleKind> = new Set();
  private readonly waiting = new Set<() => void>();

  /** The rules that hold for an action, the farthest first. Refuses with `control-away` before the first snapshot. */
  rulesOf(action: RuleAction, of: Belonging): readonly EffectiveRule[] | Refusal {
    if (!this.known) return new Refusal("control-away");
    if (this.policies.size === 0) return NONE;
    const targets = targetsOf(this.withSchool(of));
    const key = `${action} ${targets.map(keyOf).join(" ")}`;
    const cached = this.cached.get(key);
    if (cached) return cached;
    const policies = targets.flatMap((target) => this.policies.get(keyOf(target)) ?? []);
    const rules = effectiveRules(policies).filter(({ rule }) => rule.for === action);
    if (this.cached.size >= MAX_CACHED) this.cached.clear();
    this.cached.set(key, rules);
    return rules;
  }

  /** Whether any policy has a rule of a kind that needs the tables of places. */
  get needsPlaces(): boolean {
    return this.kinds.has("regions") || this.kinds.has("carriers");
  }

  /** Whether any policy limits viewers. */
  get limitsViewers(): boolean {
    return this.kinds.has("viewers");
  }

  /** Whether any policy asks back ends. */
  get asksBackEnds(): boolean {
    return this.kinds.has("back-end");
  }

  /** Whether any policy ends by itself what it has allowed. */
  get endsByTime(): boolean {
    return this.kinds.has("times") || this.asksBackEnds;
  }

  /** Resolves when policies are known, or after a time. @param withinMs milliseconds */
  async whenKnown(withinMs: number): Promise<void> {
    if (this.known) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.add(done);
      timer.unref();
    });
  }

  /** A channel's stream, and what was recorded of it, belong to the channel's school. */
  private withSchool(of: Belonging): Belonging {
    const schoolId = of.schoolId ?? (of.stream ? this.schools.get(of.stream) : null);
    return schoolId ? { ...of, schoolId } : of;
  }

  replace({ policies, linkKeys, channels }: PolicySnapshot): void {
    this.policies.clear();
    this.schools.clear();
    for (const { stream, schoolId } of channels) this.schools.set(stream, schoolId);
    this.linkKeys.clear();
    for (const policy of policies) this.policies.set(keyOf(policy.target), policy);
    this.kinds = new Set(policies.flatMap(({ rules }) => rules.map(({ kind }) => kind)));
    for (const key of linkKeys) this.linkKeys.set(key.id, key);

    this.known = true;
    this.cached.clear();
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** From the farthest to the nearest. */
export function targetsOf({ schoolId, courseId, lessonId, stream, recordingId }: Belonging): readonly PolicyTarget[] {
  const targets: PolicyTarget[] = [{ level: "installation", id: "" }];
  if (schoolId) targets.push({ level: "school", id: schoolId });
  if (courseId) targets.push({ level: "course", id: courseId });
  if (lessonId) targets.push({ level: "lesson", id: lessonId });
  if (stream) targets.push({ level: "stream", id: stream });
  if (recordingId) targets.push({ level: "recording", id: recordingId });
  return targets;
}

function keyOf({ level, id }: PolicyTarget): string {
  return `${level}:${id}`;
}

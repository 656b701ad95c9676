/**
 * Runs a node's probes when they are due, two at a time, each in a process of its own that ends by itself. What was not watched for the longest time
 * comes first, so a list that is too long for the interval is watched less often, and evenly.
 */

import type { ProbeAim, ProbeRunReport, ProbeTarget } from "../../contracts/monitoring/probe-messages.ts";
import { DEFAULT_LIMITS, type ProbeReport, type ProbeTask } from "../../contracts/monitoring/probe-report.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/id.ts";
import type { Logger } from "../../platform/log.ts";

const POLL_MS = 5000;
const AT_ONCE = 2;
/** A first run waits for a part of its interval that differs between nodes and targets, so that not all begin at once. */
const SPREAD_MS = 10_000;
/** Runs that could not be told yet: those of an hour without a control process. */
const MAX_UNTOLD = 300;

export type ProbeRunnerOptions = {
  readonly node: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly targets: () => Promise<readonly ProbeTarget[]>;
  readonly aim: (of: Pick<ProbeTarget, "probe" | "lesson">) => Promise<ProbeAim | null>;
  readonly tell: (run: ProbeRunReport) => Promise<unknown>;
  /** Where viewers reach the dispatch, or a node: its origin. Null: nobody knows the node. */
  readonly originOf: (via: string | null) => Promise<string | null>;
  /** Null: it could not be run. */
  readonly run: (task: ProbeTask) => Promise<ProbeReport | null>;
  readonly onReport: (report: ProbeReport) => void;
};

export class ProbeRunner {
  private readonly options: ProbeRunnerOptions;
  /** When each target was watched last, by probe and lesson; monotonic and real time. */
  private readonly watched = new Map<string, { readonly at: number; readonly utc: number }>();
  private readonly running = new Set<string>();
  private unreported: ProbeRunReport[] = [];
  private polling: Promise<void> | null = null;
  private telling = false;
  private cancel: (() => void) | null = null;
  private closed = false;

  constructor(options: ProbeRunnerOptions) {
    this.options = options;
  }

  start(): void {
    this.cancel = this.options.clock.after(POLL_MS, () => {
      this.polling ??= this.poll().finally(() => {
        this.polling = null;
        if (!this.closed) this.start();
      });
    });
  }

  close(): void {
    this.closed = true;
    this.cancel?.();
  }

  /** Begins what is due. */
  async poll(): Promise<void> {
    const { clock, targets } = this.options;
    void this.tellAll();
    // Without a control process there is nothing to do; the next poll asks again.
    const all = await targets().catch(() => null);
    if (all === null || this.closed) return;
    const keys = new Set(all.map(keyOf));
    for (const key of this.watched.keys()) if (!keys.has(key)) this.watched.delete(key);
    const now = clock.monotonic();
    for (const target of all) if (!this.watched.has(keyOf(target))) this.watched.set(keyOf(target), this.firstTime(target, now));
    const due = all
      .filter((target) => !this.running.has(keyOf(target)) && this.isDue(target, now))
      .sort((a, b) => this.lastAt(a) - this.lastAt(b));
    for (const target of due.slice(0, AT_ONCE - this.running.size)) void this.watch(target);
  }

  /** As if it had been watched so long ago that it is due soon. */
  private firstTime(target: ProbeTarget, now: number) {
    const wait = hash(`${this.options.node} ${keyOf(target)}`) % SPREAD_MS;
    return { at: now - target.everySeconds * 1000 + wait, utc: 0 };
  }

  private lastAt(target: ProbeTarget): number {
    return this.watched.get(keyOf(target))?.at ?? 0;
  }

  private isDue(target: ProbeTarget, now: number): boolean {
    const last = this.watched.get(keyOf(target));
    return !last || now - last.at >= target.everySeconds * 1000 || (target.requestedAt !== null && target.requestedAt > last.utc);
  }

  private async watch(target: ProbeTarget): Promise<void> {
    const { clock, log, node, aim, run, originOf, onReport } = this.options;
    const key = keyOf(target);
    const { probe, lesson } = target;
    this.running.add(key);
    this.watched.set(key, { at: clock.monotonic(), utc: clock.utc() });
    try {
      const how = await aim({ probe, lesson });
      const origin = how && (await originOf(how.via));
      if (!how || origin === null) return;
      const report = await run(taskOf(how, origin));
      // Where the lesson ended meanwhile, the end is no fault.
      if (!report || this.closed || (report.verdict === "short" && (await aim({ probe, lesson })) === null)) return;
      onReport(report);
      this.unreported = [...this.unreported, { id: newId(), node, probe, lesson, report }].slice(-MAX_UNTOLD);
      await this.tellAll();
    } catch (error) {
      log.warn({ probe, lesson, reason: String(error) }, "probe did not run");
    } finally {
      this.running.delete(key);
    }
  }

  private async tellAll(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    try {
      for (let first = this.unreported[0]; first && !this.closed; first = this.unreported[0]) {
        await this.options.tell(first);
        this.unreported = this.unreported.filter((run) => run !== first);
      }
    } catch {
      // No control process takes it now; the next poll tries again.
    } finally {
      this.telling = false;
    }
  }
}

function taskOf({ path, code, via, seconds, checks }: ProbeAim, origin: string): ProbeTask {
  return {
    url: `${origin}${via === null ? "/dispatch" : ""}${path}`,
    page: `${origin}/class/${code}`,
    invitation: `${origin}/api/v1/invitations/${code}`,
    seconds,
    checks,
    limits: DEFAULT_LIMITS,
  };
}

function keyOf({ probe, lesson }: Pick<ProbeTarget, "probe" | "lesson">): string {
  return `${probe} ${lesson}`;
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

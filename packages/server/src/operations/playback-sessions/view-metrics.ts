/**
 * Provides the Prometheus metrics of what players tell, by engine. Counted in one media worker; `stall-ratio.ts` makes the share of stalls of all
 * workers, which cannot be added up.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { ENGINES, type ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";
import type { Clock } from "../../platform/clock.ts";

type Engine = ViewBeacon["sf"];
type Times = { watchedMs: number; stalledMs: number };

/** The share of stalls is that of the last minute, in steps of this. */
const STEP_MS = 10_000;
const STEPS = 6;
/** Two gauges, which add up over processes. */
export const MINUTE = { watched: "lectern_view_minute_watched_seconds", stalled: "lectern_view_minute_stalled_seconds" } as const;

export class ViewMetrics {
  private readonly clock: Clock;
  private readonly firstFrame: Histogram<"engine">;
  private readonly watched: Counter<"engine">;
  private readonly stalled: Counter<"engine">;
  private readonly steps = new Map<number, Map<Engine, Times>>();

  constructor(registry: Registry, clock: Clock) {
    this.clock = clock;
    const shared = { labelNames: ["engine"] as const, registers: [registry] };
    this.firstFrame = new Histogram({
      ...shared,
      name: "lectern_view_first_frame_seconds",
      help: "From a viewer's request to play to the first picture, as players tell",
      buckets: [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20],
    });
    this.watched = new Counter({ ...shared, name: "lectern_view_watched_seconds_total", help: "How long pictures moved" });
    this.stalled = new Counter({ ...shared, name: "lectern_view_stalled_seconds_total", help: "How long pictures stood still" });
    const minute = (name: string, help: string, of: (times: Times) => number) => {
      const read = (): ReadonlyMap<Engine, Times> => this.lastMinute();
      new Gauge({
        ...shared,
        name,
        help,
        collect() {
          for (const [engine, times] of read()) this.set({ engine }, of(times) / 1000);
        },
      });
    };
    minute(MINUTE.watched, "How long pictures moved, of the last minute", ({ watchedMs }) => watchedMs);
    minute(MINUTE.stalled, "How long pictures stood still, of the last minute", ({ stalledMs }) => stalledMs);
    for (const engine of ENGINES) {
      this.firstFrame.zero({ engine });
      this.watched.inc({ engine }, 0);
      this.stalled.inc({ engine }, 0);
    }
  }

  take({ sf: engine, msd, watchedMs, bsd }: ViewBeacon): void {
    if (msd !== undefined) this.firstFrame.observe({ engine }, msd / 1000);
    this.watched.inc({ engine }, watchedMs / 1000);
    this.stalled.inc({ engine }, bsd / 1000);
    const step = this.step();
    const byEngine = this.steps.get(step) ?? new Map<Engine, Times>();
    const times = byEngine.get(engine) ?? { watchedMs: 0, stalledMs: 0 };
    times.watchedMs += watchedMs;
    times.stalledMs += bsd;
    byEngine.set(engine, times);
    this.steps.set(step, byEngine);
    if (this.steps.size > STEPS) this.forget();
  }

  /** Of every engine. */
  private lastMinute(): ReadonlyMap<Engine, Times> {
    this.forget();
    const sums = new Map<Engine, Times>(ENGINES.map((engine) => [engine, { watchedMs: 0, stalledMs: 0 }]));
    for (const byEngine of this.steps.values()) {
      for (const [engine, { watchedMs, stalledMs }] of byEngine) {
        const sum = sums.get(engine);
        if (!sum) continue;
        sum.watchedMs += watchedMs;
        sum.stalledMs += stalledMs;
      }
    }
    return sums;
  }

  private forget(): void {
    const oldest = this.step() - STEPS;
    for (const step of this.steps.keys()) if (step <= oldest) this.steps.delete(step);
  }

  private step(): number {
    return Math.floor(this.clock.monotonic() / STEP_MS);
  }
}

/**
 * Tells of media that recordings miss because they could not be written in time: by a metric, in the log, and by one alarm of the worker, however many streams
 * miss some. Live streams go on.
 */
import type { Plan, Source } from "../../library/recorder/recorder.ts";
import type { CountLost } from "../../operations/log-metrics.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import type { OpenAlarm } from "../../school/school.ts";

const CODE = "recording-behind";
/** The alarm ends when nothing was lost for so long. A disk that is too slow loses something again and again. */
const OVER_AFTER_MS = 120_000;

export type RecordingLossesOptions = {
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
  readonly count: CountLost;
  /** Names this worker among all nodes. */
  readonly worker: string;
  /** Replaces this worker's alarm; null: it is over. */
  readonly alarm: (open: OpenAlarm | null) => void;
};

export class RecordingLosses {
  private readonly options: RecordingLossesOptions;
  private readonly throttle: LogThrottle;
  private lostAt: number | null = null;

  constructor(options: RecordingLossesOptions) {
    const { clock, log } = options;
    this.options = options;
    this.throttle = new LogThrottle(clock, (files) => log.warn({ code: CODE, files }, "more recordings behind, media left out"));
  }

  /** @param plan of the file that ends */
  lost({ app, name }: Pick<Source, "app" | "name">, plan: Exclude<Plan, "none">, seconds: number): void {
    const { log, count, clock, worker, alarm } = this.options;
    count(plan, seconds);
    const fields = { code: CODE, stream: `${app}/${name}`, plan, lostSeconds: Math.round(seconds * 10) / 10 };
    if (this.throttle.allow()) log.warn(fields, "recording behind, media left out; live continues");
    // A time-shift window is gone within hours anyway.
    if (plan === "shift") return;
    const isFirst = this.lostAt === null;
    this.lostAt = clock.monotonic();
    if (!isFirst) return;
    alarm({ code: CODE, subject: worker, detail: `${app}/${name} misses ${Math.ceil(seconds)} s` });
    this.endLater();
  }

  private endLater(): void {
    const { clock, alarm } = this.options;
    clock.after(OVER_AFTER_MS, () => {
      if (this.lostAt !== null && clock.monotonic() - this.lostAt < OVER_AFTER_MS) return this.endLater();
      this.lostAt = null;
      alarm(null);
    });
  }
}

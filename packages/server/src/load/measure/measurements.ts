/** Collects what the people of a load test measure: latencies by step, failures by code, and counts; of all the test and of the running second. */
import type { Playback } from "../../operations/probe/playback-model.ts";
import { Histogram } from "./histogram.ts";
import type { Failure, StepFigures } from "./result.ts";

/** Codes of this process and of the network. All others are the server's. */
const NOT_OF_THE_SERVER = /^(no-answer|broken|closed|cannot-connect|connection-lost|E[A-Z]+)$/;

export class Measurements {
  private readonly steps = new Map<string, { readonly all: Histogram; readonly second: Histogram }>();
  private readonly failures = new Map<string, { step: string; code: string; count: number }>();
  private readonly counts = new Map<string, number>();
  private failuresOfSecond = 0;

  latency(step: string, milliseconds: number): void {
    let histograms = this.steps.get(step);
    if (!histograms) {
      histograms = { all: new Histogram(), second: new Histogram() };
      this.steps.set(step, histograms);
    }
    histograms.all.add(milliseconds);
    histograms.second.add(milliseconds);
  }

  failure(step: string, code: string): void {
    const key = `${step} ${code}`;
    const known = this.failures.get(key) ?? { step, code, count: 0 };
    known.count++;
    this.failures.set(key, known);
    this.failuresOfSecond++;
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  /** Counts what a viewer has had, at its end. @param bytes of media */
  watched({ stalls, stallMs, lostMs }: Playback, bytes: number): void {
    this.count("stalls", stalls);
    this.count("stallMs", stallMs);
    this.count("lostMs", lostMs);
    this.count("bytes", bytes);
  }

  counted(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** Ends the running second. */
  takeSecond(): {
    readonly p99: (step: string) => number | null;
    readonly count: (step: string) => number;
    readonly failures: number;
  } {
    const p99 = new Map<string, number>();
    const counts = new Map<string, number>();
    for (const [step, { second }] of this.steps) {
      counts.set(step, second.count);
      if (second.count > 0) p99.set(step, second.quantile(0.99));
      second.reset();
    }
    const failures = this.failuresOfSecond;
    this.failuresOfSecond = 0;
    return { p99: (step) => p99.get(step) ?? null, count: (step) => counts.get(step) ?? 0, failures };
  }

  stepFigures(): Record<string, StepFigures> {
    const sorted = [...this.steps].sort(([a], [b]) => a.localeCompare(b));
    return Object.fromEntries(
      sorted.map(([step, { all }]) => [
        step,
        { count: all.count, p50: all.quantile(0.5), p95: all.quantile(0.95), p99: all.quantile(0.99), max: all.max },
      ]),
    );
  }

  failureList(): Failure[] {
    return [...this.failures.values()]
      .map(({ step, code, count }) => ({ step, code, isRefusal: !NOT_OF_THE_SERVER.test(code), count }))
      .sort((a, b) => b.count - a.count);
  }
}

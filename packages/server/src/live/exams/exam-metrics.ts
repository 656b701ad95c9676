/** Counts what candidates ask of a worker. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export class ExamMetrics {
  readonly papers = counter("lectern_exam_papers_total", "Encrypted papers of examinations that were sent");
  readonly keys = counter("lectern_exam_keys_total", "Keys of papers that were given out");
  private readonly answers = counter("lectern_exam_answers_total", "Answers of candidates that were stored and acknowledged");
  private readonly handedIn = counter("lectern_exam_hand_ins_total", "Hand-ins by candidates that were acknowledged");
  private readonly seconds = new Histogram({
    name: "lectern_exam_store_seconds",
    help: "From a candidate's request to its acknowledgement",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [],
  });

  stored(answers: number, isHandedIn: boolean, milliseconds: number): void {
    this.answers.inc(answers);
    if (isHandedIn) this.handedIn.inc();
    this.seconds.observe(milliseconds / 1000);
  }

  /** @param waiting requests that are not stored yet */
  register(registry: Registry, waiting: () => number): void {
    for (const metric of [this.papers, this.keys, this.answers, this.handedIn]) registry.registerMetric(metric);
    registry.registerMetric(this.seconds);
    new Gauge({
      name: "lectern_exam_waiting",
      help: "Requests of candidates that wait to be stored",
      registers: [registry],
      collect() {
        this.set(waiting());
      },
    });
  }
}

function counter(name: string, help: string): Counter {
  return new Counter({ name, help, registers: [] });
}

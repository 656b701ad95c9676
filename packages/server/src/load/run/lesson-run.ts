/** Runs one lesson of a test: its publisher, its quizzes, its end, and the recording that others watch later. */
import type { Clip } from "../clients/clip-loop.ts";
import { type Publisher, startPublisher } from "../clients/publisher.ts";
import type { Measurements } from "../measure/measurements.ts";
import type { PlannedLesson } from "../plan/plan.ts";
import { type MadeLesson, type TargetApi, TargetRefused } from "./target-api.ts";
import type { Timers } from "./timers.ts";

export type LessonContext = {
  readonly api: TargetApi;
  readonly clip: Clip | null;
  readonly measurements: Measurements;
  readonly timers: Timers;
};

/** Somebody in the lesson, who may answer a quiz. */
export type LessonMember = {
  readonly answer: (ref: string, quiz: PlannedLesson["quizzes"][number], options: number) => void;
};

const AGAIN_MS = 1000;
const OPTIONS = ["one half", "two thirds", "three quarters"];
const QUIZ = "load-quiz";

export class LessonRun {
  readonly plan: PlannedLesson;
  readonly made: MadeLesson;
  /** People who are there. */
  readonly people = new Set<LessonMember>();
  /** Resolves when media has begun to flow, or at once where nobody publishes. */
  readonly live: Promise<void>;
  private readonly context: LessonContext;
  private publisher: Publisher | null = null;
  private setLive: () => void = () => {};
  private hasEnded = false;
  isPublishing = false;

  constructor(plan: PlannedLesson, made: MadeLesson, context: LessonContext) {
    this.plan = plan;
    this.made = made;
    this.context = context;
    this.live = plan.publisher
      ? new Promise((resolve) => {
          this.setLive = resolve;
        })
      : Promise.resolve();
  }

  /** When the publisher has sent a frame; null: unknown. */
  readonly sentAt = (timestamp: number): number | null => this.publisher?.sentAt(timestamp) ?? null;

  /** Sets the timers of all that happens. */
  start(): void {
    const { at, lasts, publisher, quizzes } = this.plan;
    const { timers } = this.context;
    if (publisher) timers.at(at + publisher.after, () => this.publish());
    for (const [i, quiz] of quizzes.entries()) timers.at(at + quiz.at, () => void this.ask(i));
    timers.at(at + lasts, () => void this.end());
  }

  /** Ends what this process has open; the server's lesson is left as it is. */
  close(): void {
    this.hasEnded = true;
    this.isPublishing = false;
    this.publisher?.close();
  }

  private publish(): void {
    const { clip, measurements, timers } = this.context;
    if (this.hasEnded || !clip) return;
    const fail = (code: string): void => {
      this.isPublishing = false;
      if (this.hasEnded) return;
      measurements.failure("publish", code);
      timers.after(AGAIN_MS, () => this.publish());
    };
    this.publisher = startPublisher({
      clip,
      url: this.publishAddress(),
      onReady: (milliseconds) => {
        measurements.latency("publish", milliseconds);
        this.isPublishing = true;
        this.setLive();
      },
      onEnd: fail,
    });
  }

  private publishAddress(): URL {
    const { stream, play } = this.made;
    if (this.plan.publisher?.protocol !== "websocket") return new URL(stream.rtmpUrl);
    const url = new URL(play.flv.replace(/\.flv$/, "/publish"));
    url.searchParams.set("key", stream.publishKey);
    return url;
  }

  private async ask(number: number): Promise<void> {
    const quiz = this.plan.quizzes[number];
    const { measurements, timers } = this.context;
    if (!quiz || this.hasEnded) return;
    const asked = performance.now();
    const opened = await this.act(
      { action: "open", type: "single", text: "What is more?", options: OPTIONS, correct: [2] },
      `o${number}`,
    );
    if (!opened) return;
    measurements.latency("quiz.open", performance.now() - asked);
    for (const person of this.people) person.answer(opened, quiz, OPTIONS.length);
    timers.after(quiz.within, () => void this.act({ action: "close", ref: opened }, `c${number}`));
  }

  /** @returns the quiz's reference; null: refused */
  private async act(fields: Readonly<Record<string, unknown>>, id: string): Promise<string | null> {
    try {
      const path = `/lessons/${this.made.id}/room/entries`;
      const done = await this.context.api.call<{ answer: { ref?: string } | null }>("POST", path, {
        id: `${QUIZ}-${id}`,
        kind: "quiz",
        ...fields,
      });
      return done.answer?.ref ?? null;
    } catch (error) {
      this.context.measurements.failure("quiz", error instanceof TargetRefused ? error.code : "broken");
      return null;
    }
  }

  private async end(): Promise<void> {
    if (this.hasEnded) return;
    this.close();
    try {
      await this.context.api.call("POST", `/lessons/${this.made.id}/end`);
    } catch (error) {
      this.context.measurements.failure("end", error instanceof TargetRefused ? error.code : "broken");
    }
  }
}

/** Plays one person of a test who sits an examination: enters, fetches the encrypted paper, asks for the key when it opens, saves answers, and hands in. */
import { ExamDevice } from "../clients/exam-device.ts";
import { HttpLine, type LineAnswer } from "../clients/http-line.ts";
import { codeOf, targetOf } from "../clients/viewer.ts";
import type { PlannedExam } from "../plan/plan.ts";
import { randomOf } from "../plan/random.ts";
import type { PlannedPerson } from "../plan/schedule.ts";
import { type Examination, questionIds } from "./examination.ts";
import type { PersonContext } from "./person.ts";

type EnteredAnswer = {
  readonly attempt: { readonly id: string; readonly seat: number };
  readonly token: string;
  readonly package: { readonly url: string };
};

/** Pages count down, and ask within this after the moment. */
const KEY_WITHIN_MS = 1000;
/** Before the end, so that all hand in in time. */
const HAND_IN_BEFORE_MS = 3000;
const CHOICES = "abcd";

export class Candidate {
  private readonly planned: PlannedPerson;
  private readonly exam: PlannedExam;
  private readonly made: Examination;
  private readonly context: PersonContext;
  private readonly random: () => number;
  private device: ExamDevice | null = null;
  isPresent = false;
  isServed = false;
  readonly isWatching = false;
  readonly isInRoom = false;

  constructor(planned: PlannedPerson, exam: PlannedExam, made: Examination, context: PersonContext) {
    this.planned = planned;
    this.exam = exam;
    this.made = made;
    this.context = context;
    this.random = randomOf(context.seed, `${planned.name}: answers`);
  }

  start(): void {
    const { timers } = this.context;
    timers.at(this.planned.arrivesAt, () => void this.sit());
    timers.at(this.planned.leavesAt, () => this.leave());
  }

  look() {
    return null;
  }

  leave(): void {
    this.isPresent = false;
    this.device?.line.drop();
  }

  private async sit(): Promise<void> {
    const { measurements, timers } = this.context;
    this.isPresent = true;
    measurements.count("came");
    const device = await this.enter();
    if (!device) return;
    this.device = device;
    const { at, lasts } = this.exam;
    await this.until(at + this.random() * KEY_WITHIN_MS);
    if (!(await this.retry("exam.key", () => device.fetchKey()))) return;
    const { every, answers } = this.planned.group.save;
    const handsInAt = Math.min(at + lasts, this.planned.leavesAt) - HAND_IN_BEFORE_MS * (0.5 + this.random() / 2);
    for (let next = timers.now + every * (0.5 + this.random()); next < handsInAt; next += every) {
      await this.until(next);
      if (!this.isPresent) return;
      this.write(device, answers);
      this.note("exam.save", await device.save());
    }
    await this.until(handsInAt);
    if (!this.isPresent) return;
    this.write(device, 1);
    this.isServed = await this.retry("exam.handIn", () => device.handIn());
    device.line.drop();
  }

  private async enter(): Promise<ExamDevice | null> {
    const { origin } = this.context;
    const target = targetOf(origin);
    const line = new HttpLine(() => target);
    const body = JSON.stringify({ name: this.planned.name });
    let entered: EnteredAnswer | null = null;
    await this.retry("exam.enter", async () => {
      const answer = await line.request({ method: "POST", path: `/api/v1/exams/${this.made.id}/attempts`, body });
      if (answer.status < 300 && answer.status > 0) entered = JSON.parse(answer.body.toString()) as EnteredAnswer;
      return answer;
    });
    line.drop();
    if (!entered) return null;
    const { attempt, token, package: paper } = entered as EnteredAnswer;
    const device = new ExamDevice({ exam: this.made.id, attempt: attempt.id, seat: attempt.seat, token }, () => target);
    const path = new URL(paper.url, origin);
    const fetched = await this.retry("exam.paper", () =>
      device.line.request({ method: "GET", path: path.pathname + path.search, countsOnly: true }),
    );
    return fetched ? device : null;
  }

  private write(device: ExamDevice, count: number): void {
    const questions = questionIds();
    for (let i = 0; i < count; i++) {
      const question = questions[Math.floor(this.random() * questions.length)] ?? "q1";
      device.write(question, CHOICES.charAt(Math.floor(this.random() * CHOICES.length)));
    }
  }

  /** Asks until it succeeds, the server says for good that it does not, or the candidate has left. */
  private async retry(step: string, ask: () => Promise<LineAnswer>): Promise<boolean> {
    while (this.isPresent) {
      const answer = await ask();
      if (!this.isPresent) return false;
      this.note(step, answer);
      if (answer.status >= 200 && answer.status < 300) return true;
      if (answer.retryAfter === null && answer.status !== 0) return false;
      const { timers } = this.context;
      await this.until(timers.now + (answer.retryAfter ?? 1) * 1000);
    }
    return false;
  }

  private note(step: string, { status, milliseconds, body }: LineAnswer): void {
    const { measurements } = this.context;
    if (status >= 200 && status < 300) measurements.latency(step, milliseconds);
    else measurements.failure(step, codeOf(status, body));
  }

  private until(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.context.timers.at(milliseconds, resolve));
  }
}

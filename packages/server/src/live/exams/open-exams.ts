/** Knows which examinations are open, with their keys, before candidates ask: the control process is asked again and again, and nobody waits for it at a start. */
import type { OpenExam, OpenExams, OpenExamsQuestion } from "../../contracts/exams/exam-messages.ts";
import type { Clock } from "../../platform/clock.ts";

/** A changed time, and a new examination that nobody has asked for, are known within this. */
const POLL_MS = 3000;
/** While there is none. One that somebody asks for is looked up at once. */
const IDLE_POLL_MS = 60_000;
/** Strangers may name examinations that do not exist: the control process is not asked more often. */
const LOOK_UP_MS = 500;

export class OpenExamTable {
  private readonly ask: (of: OpenExamsQuestion) => Promise<OpenExams>;
  private readonly clock: Clock;
  private version: string | null = null;
  private exams: ReadonlyMap<string, OpenExam> = new Map();
  private asking: Promise<void> | null = null;
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private cancel: () => void = () => {};
  private isClosed = false;

  constructor(ask: (of: OpenExamsQuestion) => Promise<OpenExams>, clock: Clock) {
    this.ask = ask;
    this.clock = clock;
  }

  start(): void {
    void this.poll();
  }

  /** From memory. */
  peek(exam: string): OpenExam | null {
    return this.exams.get(exam) ?? null;
  }

  /** Asks for one that is not known yet. */
  async find(exam: string): Promise<OpenExam | "none" | "away"> {
    const known = this.exams.get(exam);
    if (known) return known;
    if (this.asking || this.clock.monotonic() - this.refreshedAt >= LOOK_UP_MS) await this.refresh();
    return this.exams.get(exam) ?? (this.version === null ? "away" : "none");
  }

  close(): void {
    this.isClosed = true;
    this.cancel();
  }

  private async poll(): Promise<void> {
    await this.refresh();
    if (this.isClosed) return;
    const isIdle = this.version !== null && this.exams.size === 0;
    this.cancel = this.clock.after(isIdle ? IDLE_POLL_MS : POLL_MS, () => void this.poll());
  }

  /** What is known stays while the control process cannot be reached. */
  private refresh(): Promise<void> {
    this.asking ??= this.read().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async read(): Promise<void> {
    this.refreshedAt = this.clock.monotonic();
    const answer = await this.ask({ version: this.version }).catch(() => null);
    if (answer === null) return;
    this.version = answer.version;
    if (answer.exams) this.exams = new Map(answer.exams.map((one) => [one.exam, one]));
  }
}

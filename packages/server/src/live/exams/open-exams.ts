/** Knows which examinations are open, with their keys, before candidates ask: the control process is asked again and again, and nobody waits for it at a start. */
import type { OpenExam, OpenExams, OpenExamsQuestion } from "../../contracts/exams/exam-messages.ts";
import type { Clock } from "../../platform/clock.ts";

/** A changed time, and a new examination that nobody has asked for, are known within this. */
const POLL_MS = 3000;
/** While there is none. One that somebody asks for is looked up at once. */
const IDLE_POLL_MS = 60_000;
/** Strangers may name examinations that do not exist: they wait, since the control process is not asked more often. */
const LOOK_UP_MS = 500;
const MAX_LOOKS = 3;

export class OpenExamTable {
  private readonly ask: (of: OpenExamsQuestion) => Promise<OpenExams>;
  private readonly clock: Clock;
  private version: string | null = null;
  private exams: ReadonlyMap<string, OpenExam> = new Map();
  private deleted: ReadonlySet<string> = new Set();
  private asking: Promise<void> | null = null;
  private looking: Promise<string> | null = null;
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

  /** Whether the attempt was deleted, as of the last list. */
  isDeleted(attempt: string): boolean {
    return this.deleted.has(attempt);
  }

  /** Asks for one that is not known yet. */
  async find(exam: string): Promise<OpenExam | "none" | "away"> {
    const known = this.exams.get(exam);
    if (known) return known;
    // A look for another one may be shared, and its answer older than this one.
    for (let tries = 0; tries < MAX_LOOKS && !this.exams.has(exam); tries++) if ((await this.lookUp(exam)) === exam) break;
    return this.exams.get(exam) ?? (this.version === null ? "away" : "none");
  }

  close(): void {
    this.isClosed = true;
    this.cancel();
  }

  private async poll(): Promise<void> {
    await this.refresh();
    this.schedule();
  }

  /** The next poll: soon where something is open. */
  private schedule(): void {
    this.cancel();
    if (this.isClosed) return;
    const isIdle = this.version !== null && this.exams.size === 0;
    this.cancel = this.clock.after(isIdle ? IDLE_POLL_MS : POLL_MS, () => void this.poll());
  }

  /** @returns what was looked for: another one, where somebody looks for that already */
  private lookUp(exam: string): Promise<string> {
    this.looking ??= this.lookUpLater(exam).finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  private async lookUpLater(exam: string): Promise<string> {
    const wait = this.refreshedAt + LOOK_UP_MS - this.clock.monotonic();
    if (wait > 0) await new Promise<void>((resolve) => this.clock.after(wait, resolve));
    // A list that is being read may be older than the examination.
    await this.asking;
    await this.refresh(exam);
    // Until now there may have been nothing to ask for.
    this.schedule();
    return exam;
  }

  /** What is known stays while the control process cannot be reached. */
  private refresh(exam?: string): Promise<void> {
    this.asking ??= this.read(exam).finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  /** @param exam that is looked for */
  private async read(exam?: string): Promise<void> {
    this.refreshedAt = this.clock.monotonic();
    const answer = await this.ask({ version: this.version, ...(exam === undefined ? {} : { exam }) }).catch(() => null);
    if (answer === null) return;
    this.version = answer.version;
    if (!answer.exams) return;
    this.exams = new Map(answer.exams.map((one) => [one.exam, one]));
    this.deleted = new Set(answer.exams.flatMap(({ deletedAttempts = [] }) => deletedAttempts));
  }
}

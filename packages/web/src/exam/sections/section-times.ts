/** Knows the times of sections that have their own, on this device: which have begun, when each ends, and which take answers. The server's word counts where it is there. */
import type { Sheet, SheetSection } from "@lectern/exam";
import type { ToldSections } from "../attempt/exam-types.ts";

export type ShownTime = {
  /** What the candidate has for the section. */
  readonly seconds: number;
  /** Null: not begun. */
  readonly endsAt: number | null;
};

export class SectionTimes {
  private readonly sections: readonly SheetSection[];
  /** What this device has begun, until the server says it. */
  private readonly begun: Map<string, number>;
  private told: ToldSections;

  /** @param begun by sections, when this device noted that the candidate began them */
  constructor({ sections }: Sheet, told: ToldSections = {}, begun: ReadonlyMap<string, number> = new Map()) {
    this.sections = sections;
    this.told = told;
    this.begun = new Map(begun);
  }

  take(told: ToldSections): void {
    this.told = told;
  }

  begin(section: string, at: number): void {
    this.begun.set(section, at);
  }

  /** Null: the section has no time of its own. */
  timeOf({ id, minutes }: Pick<SheetSection, "id" | "minutes">): ShownTime | null {
    if (minutes === undefined) return null;
    const { seconds = minutes * 60, endsAt } = this.told[id] ?? {};
    const begunAt = this.begun.get(id);
    return { seconds, endsAt: endsAt ?? (begunAt === undefined ? null : begunAt + seconds * 1000) };
  }

  /** Whether its section has begun, and its time is not over. */
  takesAnswers(question: string, now: number): boolean {
    const section = this.sections.find(({ questions }) => questions.some(({ id }) => id === question));
    const time = section ? this.timeOf(section) : null;
    return time === null || (time.endsAt !== null && now < time.endsAt);
  }

  /** Of those that run, the end that is next; infinity: none runs. */
  nextEnd(now: number): number {
    const ends = this.sections.map((section) => this.timeOf(section)?.endsAt ?? now);
    return Math.min(Number.POSITIVE_INFINITY, ...ends.filter((end) => end > now));
  }
}

/**
 * Knows the times of sections that have their own: when a candidate began each, and when it ends. A person's more time counts in proportion where it was given before
 * the section was begun, and in full afterwards, as pauses do. No section ends after the attempt.
 */
import type { TimedSection } from "@lectern/exam";
import { sql } from "kysely";
import type { SectionTime } from "../../../contracts/exams/exam-messages.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { type Sitting, type Verdict, verdictOn } from "./late-rules.ts";

/** Milliseconds since 1970, and seconds. */
type SectionStart = {
  readonly begunAt: number;
  /** What the candidate has for it, by what was known then. */
  readonly seconds: number;
  /** The attempt's extra seconds then. */
  readonly extraBefore: number;
};

export type AttemptSections = {
  /** Of the paper, those with a time of their own. */
  readonly timed: readonly TimedSection[];
  readonly starts: Map<string, SectionStart>;
  /** Ids of those that are not stored yet. */
  readonly fresh: Set<string>;
};

/** What is asked of an attempt. */
export type SectionAttempt = Sitting & {
  readonly startedAt: number | null;
  readonly pausedAt: number | null;
  /** Of the examination. */
  readonly seconds: number;
  readonly extraSeconds: number;
  readonly pausedSeconds: number;
  /** Null: no section has a time of its own. */
  readonly sections: AttemptSections | null;
};

/** Notes that a section has begun, unless it had before. @param at by the device */
export function beginSection(attempt: SectionAttempt, id: string, at: number, now: number): void {
  const { sections, startedAt, pausedAt } = attempt;
  const section = sections?.timed.find((one) => one.id === id);
  if (!sections || !section || startedAt === null || sections.starts.has(id)) return;
  // A pause counts in full, from its beginning on.
  const begunAt = Math.max(startedAt, Math.min(at, now, pausedAt ?? now));
  sections.starts.set(id, { begunAt, seconds: secondsOf(attempt, section), extraBefore: attempt.extraSeconds });
  sections.fresh.add(id);
}

/**
 * As `verdictOn`, with the end of the question's section, which the first of its answers begins where nothing else has.
 * @param at when the device wrote it
 * @returns section-over: only the section's time is over
 */
export function verdictOnAnswer(attempt: SectionAttempt, question: string, at: number, now: number): Verdict | "section-over" {
  const verdict = verdictOn(attempt, at, now);
  const section = sectionOf(attempt, question);
  if (verdict === "refused" || !section) return verdict;
  beginSection(attempt, section.id, at, now);
  return within(attempt, section, verdict, at, now, false);
}

/** As `verdictOnAnswer`, of a file, which begins no section. @param isFixed as `verdictOn` */
export function verdictOnFile(attempt: SectionAttempt, question: string, at: number, now: number, isFixed: boolean) {
  const verdict = verdictOn(attempt, at, now, isFixed);
  const section = sectionOf(attempt, question);
  return verdict === "refused" || !section ? verdict : within(attempt, section, verdict, at, now, isFixed);
}

/** What candidates are told; undefined: no section has a time of its own. */
export function toldSections(attempt: SectionAttempt): Readonly<Record<string, SectionTime>> | undefined {
  const { sections } = attempt;
  if (!sections) return undefined;
  const told = sections.timed.map((section): [string, SectionTime] => {
    const start = sections.starts.get(section.id);
    if (!start) return [section.id, { seconds: secondsOf(attempt, section) }];
    return [section.id, { seconds: start.seconds, begunAt: start.begunAt, endsAt: endOf(attempt, start) }];
  });
  return Object.fromEntries(told);
}

/** Of examinations that have such sections. @param exams of the attempts */
export async function readSections(db: Db, exams: readonly string[], attempts: readonly string[]) {
  const [timed, starts] = await Promise.all([
    db
      .selectFrom("exams")
      .select(["id", "timed_sections"])
      .where("id", "in", [...exams])
      .execute(),
    db
      .selectFrom("exam_section_starts")
      .selectAll()
      .where(sql<boolean>`attempt_id in (select jsonb_array_elements_text((${JSON.stringify(attempts)}::text)::jsonb))`)
      .execute(),
  ]);
  const timedBy = new Map(timed.map(({ id, timed_sections }) => [id, timed_sections ?? []]));
  const startsBy = Map.groupBy(starts, ({ attempt_id }) => attempt_id);
  return (exam: string, attempt: string): AttemptSections => ({
    timed: timedBy.get(exam) ?? [],
    starts: new Map(
      (startsBy.get(attempt) ?? []).map(({ section, begun_at, seconds, extra_before }) => [
        section,
        { begunAt: begun_at.getTime(), seconds, extraBefore: extra_before },
      ]),
    ),
    fresh: new Set(),
  });
}

/** Stores what has begun. The attempts are locked. */
export async function writeSections(trx: Db, attempts: Iterable<SectionAttempt & { readonly id: string }>): Promise<void> {
  const rows = [...attempts].flatMap(({ id, sections }) =>
    [...(sections?.fresh ?? [])].flatMap((section) => {
      const start = sections?.starts.get(section);
      if (!start) return [];
      const { begunAt, seconds, extraBefore } = start;
      return [{ attempt_id: id, section, begun_at: new Date(begunAt), seconds, extra_before: extraBefore }];
    }),
  );
  if (rows.length > 0) await trx.insertInto("exam_section_starts").values(rows).execute();
}

function sectionOf({ sections }: SectionAttempt, question: string): TimedSection | undefined {
  return sections?.timed.find(({ questions }) => questions.includes(question));
}

function within(attempt: SectionAttempt, { id }: TimedSection, whole: Verdict, at: number, now: number, isFixed: boolean) {
  const start = attempt.sections?.starts.get(id);
  if (!start) return whole;
  const verdict = verdictOn({ ...attempt, endsAt: endOf(attempt, start) }, at, now, isFixed);
  if (verdict === "refused") return "section-over";
  return verdict === "late" ? verdict : whole;
}

/** With a share of what was given before the section begins; pauses of before are no part of it. */
function secondsOf({ seconds, extraSeconds, pausedSeconds }: SectionAttempt, section: TimedSection): number {
  const given = Math.max(0, extraSeconds - pausedSeconds);
  return section.seconds + Math.ceil((given * section.seconds) / seconds);
}

function endOf({ endsAt, extraSeconds }: SectionAttempt, { begunAt, seconds, extraBefore }: SectionStart): number {
  const end = begunAt + (seconds + Math.max(0, extraSeconds - extraBefore)) * 1000;
  return Math.min(end, endsAt ?? end);
}

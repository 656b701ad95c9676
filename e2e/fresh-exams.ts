/** Adds to a world of tests a paper, an examination that runs, one that is not published, a group of candidates, and an attempt that was handed in and graded, of a student. */
import { FACT_KINDS, type FactKind, paperOf } from "../packages/exam/src/index.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import { encryptedPackage } from "../packages/server/src/school/exams/package-cipher.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { newCode } from "../packages/server/src/school/lessons/join-code.ts";
import { READY, shortPaper } from "./exam-paper.ts";

type Ids = Readonly<
  Record<
    | "paperId"
    | "freePaperId"
    | "examinationId"
    | "draftExaminationId"
    | "attemptId"
    | "regradeId"
    | "examGroupId"
    | "courseId"
    | "userId",
    string
  >
>;

const HOUR = 3_600_000;
const PAPER = shortPaper("A paper", [READY]);

/** @returns the code of the examination that runs */
export async function freshExams(db: Database, school_id: string, id: Ids): Promise<string> {
  const ofCourse = { school_id, course_id: id.courseId };
  await db
    .insertInto("exam_papers")
    .values(
      [id.paperId, id.freePaperId].map((paper) => ({
        id: paper,
        ...ofCourse,
        title: "A paper",
        content: json(PAPER),
        questions: 1,
        points: 1,
      })),
    )
    .execute();
  const now = Date.now();
  const exam = {
    ...ofCourse,
    paper_id: id.paperId,
    title: "An examination",
    opens_at: new Date(now - HOUR),
    closes_at: new Date(now + HOUR),
    seconds: 600,
    facts: json<readonly FactKind[]>(FACT_KINDS),
  };
  const code = newCode();
  await db
    .insertInto("exams")
    .values([
      { ...exam, id: id.examinationId, code, published_at: new Date(), released_at: null },
      { ...exam, id: id.draftExaminationId, code: newCode(), published_at: null, released_at: null },
    ])
    .execute();
  const { key, bytes, hash } = encryptedPackage(paperOf(PAPER));
  await db
    .insertInto("exam_packages")
    .values({ exam_id: id.examinationId, paper: json(PAPER), hash, bytes, secret_key: key })
    .execute();
  await db.insertInto("exam_groups").values({ id: id.examGroupId, exam_id: id.examinationId, school_id, name: "A room" }).execute();
  const solution = { kind: "boolean" as const, right: true };
  await db
    .insertInto("exam_regrades")
    .values({
      id: id.regradeId,
      exam_id: id.examinationId,
      question: "q1",
      solution_before: json(solution),
      solution: json(solution),
      changed_by: null,
    })
    .execute();
  await db
    .insertInto("exam_attempts")
    .values({
      id: id.attemptId,
      exam_id: id.examinationId,
      school_id,
      user_id: id.userId,
      name: "A student",
      seed: 1,
      handed_in_at: new Date(),
      handed_in_by: "candidate",
      graded_at: new Date(),
      points: 0,
      points_of: 1,
      waiting: 0,
      questions: json({ q1: { points: 0, of: 1, by: "rules" as const } }),
    })
    .execute();
  return code;
}

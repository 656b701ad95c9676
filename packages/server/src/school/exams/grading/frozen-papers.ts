/** Reads frozen papers and prepares grading by them, and keeps both for as long as the solutions stay as they are. */
import { type AuthoredPaper, type AuthoredQuestion, type SheetGrader, sheetGrader } from "@lectern/exam";
import { RecentMap } from "../../../platform/recent-map.ts";
import type { Db } from "../../foundation/store/tables.ts";

type Prepared = { readonly stamp: string; readonly paper: AuthoredPaper; readonly grade: SheetGrader };

/** Examinations that are graded, or whose results are read, at the same time. */
const MAX_PREPARED = 50;

export class FrozenPapers {
  private readonly prepared = new RecentMap<string, Prepared>(MAX_PREPARED);

  /** @param db the transaction that stores the scores, so that a regrade is before or after all of it */
  async graderOf(db: Db, examId: string): Promise<SheetGrader> {
    return (await this.of(db, examId)).grade;
  }

  async paperOf(db: Db, examId: string): Promise<AuthoredPaper> {
    return (await this.of(db, examId)).paper;
  }

  private async of(db: Db, examId: string): Promise<Prepared> {
    const regrades = db.selectFrom("exam_regrades").select("id").where("exam_id", "=", examId).orderBy("id", "desc").limit(1);
    const stamp = (await regrades.executeTakeFirst())?.id ?? "";
    const known = this.prepared.get(examId);
    if (known?.stamp === stamp) return known;
    const paper = await readFrozenPaper(db, examId);
    const prepared = { stamp, paper, grade: sheetGrader(paper) };
    this.prepared.set(examId, prepared);
    return prepared;
  }
}

/** The paper of a published examination, with the solutions. */
export async function readFrozenPaper(db: Db, examId: string): Promise<AuthoredPaper> {
  const packages = db.selectFrom("exam_packages").select("paper").where("exam_id", "=", examId);
  return (await packages.executeTakeFirstOrThrow()).paper;
}

export function authoredQuestion({ sections }: AuthoredPaper, question: string): AuthoredQuestion | undefined {
  return sections.flatMap(({ questions }) => questions).find((each) => each.question.id === question);
}

/** Knows what the invitation of an examination tells of its frozen paper, without reading the whole paper for each candidate. */
import { RecentMap } from "../../../platform/recent-map.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { questionCount } from "../papers/content.ts";

type Notice = { readonly instruction: string; readonly questions: number; readonly formulas: boolean };

/** Examinations that are entered at the same time. */
const MAX_KNOWN = 500;

export class ExamNotices {
  private readonly db: Db;
  private readonly known = new RecentMap<string, Promise<Notice>>(MAX_KNOWN);

  constructor(db: Db) {
    this.db = db;
  }

  /** Of a published one: its paper stays as it is. */
  of(examId: string): Promise<Notice> {
    const known = this.known.get(examId);
    if (known) return known;
    const reading = this.read(examId);
    this.known.set(examId, reading);
    reading.catch(() => this.known.delete(examId));
    return reading;
  }

  private async read(examId: string): Promise<Notice> {
    const packages = this.db.selectFrom("exam_packages").select("paper").where("exam_id", "=", examId);
    const { paper } = await packages.executeTakeFirstOrThrow();
    // A price has the sign too: then the typesetter is loaded in vain.
    return { instruction: paper.instruction, questions: questionCount(paper), formulas: JSON.stringify(paper).includes("$") };
  }
}

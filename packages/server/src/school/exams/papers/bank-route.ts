/** Serves the API route that copies questions of the school's bank into a paper. */
import { type AuthoredPaper, type AuthoredQuestion, questionOfBank } from "@lectern/exam";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { ExamPaper } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findPaper, WRITE_EXAMS } from "../exam-rights.ts";
import { emptySection, newPartId, saveContent } from "./paper-content.ts";
import { paperResponse, paperShape } from "./shapes.ts";

const TAG = "Papers";
const MAX_ITEMS = 300;
const MAX_POINTS = 100;

export function addFromBankRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "addBankQuestionsToPaper",
    method: "POST",
    path: "/papers/:paperId/bank",
    tag: TAG,
    summary: "Add questions of the bank to a paper, as they are now",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: z.strictObject({ paperId: id }),
    body: z.strictObject({
      items: z.array(id).min(1).max(MAX_ITEMS),
      section: z.string().max(40).optional().describe("The id of the section. Default: the last one, or a new one."),
      points: z.number().min(0.5).max(MAX_POINTS).default(1).describe("Of each question."),
    }),
    status: 200,
    answer: paperShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ actor, params, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const before = await findPaper(trx, actor, params.paperId);
        checkVersion(before, ifMatch);
        const questions = await bankQuestions(trx, before, body.items, body.points);
        const after = await saveContent(change, before, added(before.content, body.section, questions), "add-bank-questions");
        return { body: paperResponse(after) };
      }),
  });
}

/** In the order in which they are named. @throws RefusalError not-found, conflict */
async function bankQuestions(
  db: Db,
  paper: ExamPaper,
  items: readonly string[],
  points: number,
): Promise<readonly AuthoredQuestion[]> {
  const rows = await db
    .selectFrom("quiz_bank")
    .select(["id", "type", "text", "options", "correct", "explanation", "tags"])
    .where("school_id", "=", paper.school_id)
    .where("id", "in", items)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return items.map((item) => {
    const row = byId.get(item);
    if (!row) throw new RefusalError("not-found", examText("no-bank-items"));
    const question = questionOfBank(row, newPartId(), points);
    if (typeof question === "string") throw new RefusalError("conflict", examText("bank-item-without-answer", { text: row.text }));
    return question;
  });
}

/** @throws RefusalError not-found */
function added(content: AuthoredPaper, named: string | undefined, questions: readonly AuthoredQuestion[]): AuthoredPaper {
  const sections = content.sections.length > 0 ? content.sections : [emptySection()];
  const section = named === undefined ? sections.at(-1) : sections.find(({ id: own }) => own === named);
  if (!section) throw new RefusalError("not-found", examText("no-section"));
  const grown = { ...section, questions: [...section.questions, ...questions] };
  return { ...content, sections: sections.map((each) => (each === section ? grown : each)) };
}

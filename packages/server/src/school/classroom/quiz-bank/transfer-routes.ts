/** Serves the API routes that import the question bank from CSV, and export it. */
import { Readable } from "node:stream";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { Refusal, type ValidationError } from "../../../platform/refusal.ts";
import { json } from "../../../platform/store/store.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id } from "../../foundation/requests/fields.ts";
import { requires, STAFF, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { readWhole } from "../../foundation/requests/whole-body.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import { targetSchool } from "../../foundation/schools/scope.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { BANK_COLUMNS, decodeFile, type ReadItem, readItems } from "./bank-csv.ts";
import { checkMayChange, columnsOf, MAX_ITEMS } from "./bank-items.ts";

const TAG = "Question bank";
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ROWS = 1000;
/** Columns are parameters, and one statement has at most 65 535. */
const ROWS_OF_STATEMENT = 1000;
const MAX_MISTAKES = 100;

const ofCourse = { schoolId: id.optional(), courseId: id.optional() };
const file = z
  .custom<Readable>((value) => value instanceof Readable)
  .meta({
    type: "string",
    description:
      "CSV in UTF-8 or GBK: type,text,options,correct,tolerance,explanation,seconds,anonymous,tags; docs/teachers.md describes it. Up to 4 MiB.",
  });

export function transferRoutes(context: RouteContext): ApiRoute[] {
  return [importRoute(context), exportRoute(context)];
}

function importRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "importQuizBank",
    method: "POST",
    path: "/quiz-bank/import",
    tag: TAG,
    summary:
      "Import questions from CSV: all, or none where a line has a mistake; questions that are there already are left as they are",
    access: requires("rooms:write", ...TEACHERS),
    rights: ["++++----", "+000----"],
    query: z.strictObject(ofCourse),
    body: file,
    bodyType: "text/plain",
    status: 200,
    answer: z.object({ added: z.int(), skipped: z.int().describe("Questions that were there already.") }),
    refusals: ["not-found", "refused-by-rule", "conflict", "too-large", "database-away"],
    handle: async ({ actor, query, body }) => {
      const text = decodeFile(await readWhole(body, MAX_BYTES, quizText("file-too-large", { max: MAX_BYTES })));
      if (text === null) throw new RefusalError("bad-request", quizText("bad-encoding"));
      const read = await readItems(text);
      if ("errors" in read) throw wrongFile(read.errors);
      return await changes.transact({ actor }, async (change) => {
        const school = await targetSchool(change.trx, actor, query.schoolId);
        const courseId = query.courseId ?? null;
        await checkMayChange(change.trx, actor, school.id, courseId);
        const limit = {
          max: Math.max(0, MAX_ITEMS - read.items.length + 1),
          refusal: quizText("too-many-items", { max: MAX_ITEMS }),
        };
        await assertQuota(change.trx, "quiz_bank", { school: school.id }, limit);
        const added = await addItems(change.trx, school.id, courseId, read.items);
        const target = { targetKind: "school", targetId: school.id };
        await change.audit({ action: "quiz-bank.import", schoolId: school.id, ...target, after: { courseId, added } });
        return { body: { added, skipped: read.items.length - added } };
      });
    },
  });
}

function exportRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportQuizBank",
    method: "GET",
    path: "/quiz-bank/export",
    tag: TAG,
    summary: "Export questions of the bank as CSV, as they are imported",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    reads: { unlogged: "questions, and no answers" },
    query: z.strictObject({
      ...ofCourse,
      limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(MAX_ROWS).describe("Rows."),
      cursor: id.optional().describe("The header Lectern-Next-Cursor of the page before."),
    }),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { schoolId, courseId, limit, cursor = "" } }) => {
      const school = await targetSchool(db, actor, schoolId);
      let matching = db.selectFrom("quiz_bank").selectAll().where("school_id", "=", school.id).where("id", ">", cursor);
      if (courseId) matching = matching.where("course_id", "=", courseId);
      const rows = await matching
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const page = rows.slice(0, limit);
      const headers = {
        "content-disposition": 'attachment; filename="quiz-bank.csv"',
        ...(rows.length > limit ? { "lectern-next-cursor": page.at(-1)?.id ?? "" } : {}),
      };
      return { body: writeCsv(BANK_COLUMNS, page), headers };
    },
  });
}

/** @returns how many were not there */
async function addItems(db: Db, schoolId: string, courseId: string | null, items: readonly ReadItem[]): Promise<number> {
  const own = db.selectFrom("quiz_bank").select(["type", "text", "options"]).where("school_id", "=", schoolId);
  const there = await (courseId === null ? own.where("course_id", "is", null) : own.where("course_id", "=", courseId)).execute();
  const known = new Set(there.map(markOf));
  const rows = items.flatMap(({ question, seconds, anonymous, tags }) => {
    const mark = markOf(question);
    if (known.has(mark)) return [];
    known.add(mark);
    const place = { id: newId(), school_id: schoolId, course_id: courseId };
    return [{ ...place, ...columnsOf(question), seconds, anonymous, tags: json(tags) }];
  });
  for (let i = 0; i < rows.length; i += ROWS_OF_STATEMENT)
    await db
      .insertInto("quiz_bank")
      .values(rows.slice(i, i + ROWS_OF_STATEMENT))
      .execute();
  return rows.length;
}

/** Questions with the same mark are the same. */
function markOf({
  type,
  text,
  options,
}: {
  readonly type: string;
  readonly text: string;
  readonly options: readonly string[];
}): string {
  return JSON.stringify([type, text, options]);
}

function wrongFile(errors: readonly RowError[]): RefusalError {
  const mistakes = errors
    .slice(0, MAX_MISTAKES)
    .map(({ line, column, text }): ValidationError => ({ path: column === "" ? `${line}` : `${line}.${column}`, message: text }));
  return new RefusalError(new Refusal("bad-request", quizText("file-mistakes", { count: errors.length }), mistakes));
}

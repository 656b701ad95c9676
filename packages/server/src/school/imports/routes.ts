/** Importing people and timetables from CSV. */

import { z } from "zod";
import type { Access } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import type { Language } from "../../platform/messages/language.ts";
import { inChinese } from "../../platform/words.ts";
import { id, idParam, importShape } from "../requests/fields.ts";
import { ADMINISTRATORS, actsFor, type Desk, requires, targetSchool } from "../requests/route-context.ts";
import type { ImportKind } from "./import-service.ts";

const TAG = "Imports";
const MOST_BYTES = 16 * 1024 * 1024;

export function importRoutes({ db, imports }: Desk): ApiRoute[] {
  const show = async (importId: string, language: Language) => {
    const row = await db.selectFrom("imports").selectAll().where("id", "=", importId).executeTakeFirst();
    if (!row) throw new RefusalError("not-found", "There is no such import.");
    const shown = {
      id: row.id,
      kind: row.kind,
      state: row.state,
      rowsTotal: row.rows_total,
      rowsDone: imports.progressOf(row.id) ?? row.rows_done,
      errors: row.errors.map((error) => (language === "zh" ? { ...error, message: inChinese(error.message) } : error)),
      createdAt: row.created_at,
      finishedAt: row.finished_at,
    };
    return { row, shown };
  };
  const importRoute = (routeId: string, kind: ImportKind, access: Access, summary: string): ApiRoute =>
    route({
      id: routeId,
      method: "POST",
      path: `/imports/${kind}`,
      tag: TAG,
      summary,
      access,
      query: z.strictObject({ schoolId: id.optional() }),
      body: z.string().describe("CSV with a heading, in UTF-8."),
      bodyType: "text/csv",
      bodyLimit: MOST_BYTES,
      status: 202,
      answer: importShape,
      creates: true,
      refusals: ["not-found", "too-large", "database-away"],
      handle: async ({ query, body, ...asker }) => {
        const school = await targetSchool(db, asker.actor, query.schoolId);
        const importId = await imports.start(asker, school, kind, body);
        return { body: (await show(importId, asker.language)).shown };
      },
    });
  return [
    importRoute(
      "importPeople",
      "people",
      requires("people:write", ...ADMINISTRATORS),
      "People: login,name,role,email,password,course",
    ),
    importRoute(
      "importTimetable",
      "timetable",
      requires("lessons:write", ...ADMINISTRATORS),
      "Lessons: date,start,end,title,course,teacher,mode,guests,capacity, in the school's time",
    ),
    route({
      id: "getImport",
      method: "GET",
      path: "/imports/:importId",
      tag: TAG,
      summary: "How far an import is, and what is wrong in which line",
      access: requires("people:read", ...ADMINISTRATORS),
      params: idParam("importId"),
      status: 200,
      answer: importShape,
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params, language }) => {
        const { row, shown } = await show(params.importId, language);
        if (!actsFor(actor, row.school_id)) throw new RefusalError("not-found", "There is no such import.");
        return { body: shown };
      },
    }),
  ];
}

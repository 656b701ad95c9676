/** Serves the API routes for imports of people and timetables from CSV files. */

import { z } from "zod";
import { type Actor, hasScope } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Language } from "../../../platform/messages/language.ts";
import { shownError, storedError } from "../../foundation/csv/row-error.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { actsFor, targetSchool } from "../../foundation/schools/scope.ts";
import type { Import } from "../../foundation/store/import-tables.ts";
import type { Requester } from "../../foundation/store/requester.ts";
import type { Db, School } from "../../foundation/store/tables.ts";
import { findCourse } from "../../people/courses/course.ts";
import { type HourlyLimits, hourlyCounts } from "../../people/limits/hourly-limits.ts";
import { columnsOf, type ImportOptions, importOptionsQuery } from "./import-options.ts";
import { type ImportKind, isForgiving } from "./import-plan.ts";
import { previewImport } from "./import-preview.ts";
import type { ForgivingKind } from "./import-rows.ts";
import { addImport } from "./import-work.ts";
import { importPreviewShape, importShape, undoneImportShape } from "./shapes.ts";
import { undoImport } from "./undo-import.ts";

const TAG = "Imports";
const CSV_BODY = z.string().describe("CSV with a header line: commas, semicolons or tabs, in UTF-8, UTF-16, GBK or Windows-1252.");
const forgivingQuery = z.strictObject({
  schoolId: id.optional(),
  ...importOptionsQuery,
  courseId: id.optional().describe("The course of rows that name none."),
});
const MAX_BYTES = 16 * 1024 * 1024;

type ShownImport = Omit<Import, "source" | "requested_by" | "created_by" | "options">;

export type ImportContext = RouteContext & { readonly linkSecret: () => string; readonly hourly: HourlyLimits };

export function importRoutes(context: ImportContext): ApiRoute[] {
  return [
    importPeopleRoute(context),
    importTimetableRoute(context),
    previewRoute(context, "people"),
    previewRoute(context, "timetable"),
    ...oneRosterRoutes(context),
    getImportRoute(context),
    undoImportRoute(context),
  ];
}

function importPeopleRoute(context: ImportContext): ApiRoute {
  return route({
    id: "importPeople",
    ...uploadRoute(context, "people"),
    query: forgivingQuery,
    summary: "Import people: login,name,role,email,password,course; people who are there already are left as they are",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
  });
}

function importTimetableRoute(context: ImportContext): ApiRoute {
  return route({
    id: "importTimetable",
    ...uploadRoute(context, "timetable"),
    query: forgivingQuery,
    summary:
      "Import lessons: date,start,end,title,course,teacher,mode,guests,capacity, in the school's time zone; lessons that are there already are left as they are",
    access: requires("lessons:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
  });
}

/** Checks a file like an import, and writes nothing. */
function previewRoute({ db, hourly }: ImportContext, kind: ForgivingKind): ApiRoute {
  return route({
    id: kind === "people" ? "previewPeopleImport" : "previewTimetableImport",
    method: "POST",
    path: `/imports/${kind}/preview`,
    tag: TAG,
    summary:
      kind === "people"
        ? "Read how a file of people would be imported: its columns, first rows and every error; nothing is changed"
        : "Read how a file of lessons would be imported: its columns, first rows and every error; nothing is changed",
    access: requires(kind === "people" ? "people:write" : "lessons:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: forgivingQuery,
    body: CSV_BODY,
    bodyType: "text/csv",
    bodyLimit: MAX_BYTES,
    status: 200,
    answer: importPreviewShape,
    refusals: ["not-found", "too-large", "too-many", "database-away"],
    handle: async ({ query: { schoolId, columns, ...rest }, body, actor, language }) => {
      const school = await targetSchool(db, actor, schoolId);
      if (rest.courseId !== undefined) await courseOfSchool(db, actor, school, rest.courseId);
      await hourly.admit(hourlyCounts("import", actor));
      const preview = await previewImport(db, kind, school, actor, body, { ...rest, columns: columnsOf(columns) });
      return { body: { ...preview, errors: preview.errors.map((error) => shownError(storedError(error), language)) } };
    },
  });
}

/** @throws RefusalError not-found, where the course is not of the school */
async function courseOfSchool(db: Db, actor: Actor, school: School, courseId: string): Promise<void> {
  const course = await findCourse(db, actor, courseId);
  if (course.school_id !== school.id) throw new RefusalError("not-found", schoolText("no-course"));
}

/** The files of OneRoster, in the order in which they are imported. */
function oneRosterRoutes(context: ImportContext): ApiRoute[] {
  const access = requires("people:write", ...ADMINISTRATORS);
  return [
    route({
      id: "importOneRosterUsers",
      ...uploadRoute(context, "oneroster-users", "/imports/oneroster/users"),
      summary: "Import users.csv of OneRoster 1.1 or 1.2: people are created or changed by their sourcedId",
      access,
      rights: ["++------", "+0------"],
    }),
    route({
      id: "importOneRosterClasses",
      ...uploadRoute(context, "oneroster-classes", "/imports/oneroster/classes"),
      summary: "Import classes.csv of OneRoster: courses are created or changed by their sourcedId",
      access,
      rights: ["++------", "+0------"],
    }),
    route({
      id: "importOneRosterEnrollments",
      ...uploadRoute(context, "oneroster-enrollments", "/imports/oneroster/enrollments"),
      summary: "Import enrollments.csv of OneRoster: people are put into courses, and taken out where the status is tobedeleted",
      access,
      rights: ["++------", "+0------"],
    }),
  ];
}

/** What all uploads have in common. */
function uploadRoute({ db, changes, linkSecret, hourly }: ImportContext, kind: ImportKind, path = `/imports/${kind}`) {
  return {
    method: "POST",
    path,
    tag: TAG,
    query: z.strictObject({ schoolId: id.optional() }),
    body: CSV_BODY,
    bodyType: "text/csv",
    bodyLimit: MAX_BYTES,
    status: 202,
    answer: importShape,
    creates: true,
    refusals: ["not-found", "too-large", "too-many", "database-away"],
    handle: async ({ query, body, ...requester }: UploadCall) => {
      const school = await targetSchool(db, requester.actor, query.schoolId);
      await hourly.admit(hourlyCounts("import", requester.actor));
      const { columns, schoolId: _, ...rest } = query;
      if (rest.courseId !== undefined) await courseOfSchool(db, requester.actor, school, rest.courseId);
      const options = { ...rest, columns: columnsOf(columns) };
      const importId = await addImport({ changes, secret: linkSecret }, requester, school, kind, body, options);
      return { body: importResponse(await findImport(db, importId), requester.language) };
    },
  } as const;
}

type UploadCall = Requester & {
  readonly query: Omit<ImportOptions, "columns"> & {
    readonly schoolId?: string | undefined;
    readonly columns?: string | undefined;
  };
  readonly body: string;
  readonly language: Language;
};

function getImportRoute({ db }: ImportContext): ApiRoute {
  return route({
    id: "getImport",
    method: "GET",
    path: "/imports/:importId",
    tag: TAG,
    summary: "Get the progress of an import, and the errors of its lines",
    access: requires("people:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("importId"),
    status: 200,
    answer: importShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, language }) => {
      const row = await findImport(db, params.importId);
      if (!actsFor(actor, row.school_id)) throw noSuchImport();
      return { body: importResponse(row, language) };
    },
  });
}

function undoImportRoute({ changes }: ImportContext): ApiRoute {
  return route({
    id: "undoImport",
    method: "POST",
    path: "/imports/:importId/undo",
    tag: TAG,
    summary: "Take back what an import of people or lessons made, and nobody has used yet; one that runs is stopped",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("importId"),
    status: 200,
    answer: undoneImportShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const row = await change.trx
          .selectFrom("imports")
          .select(["id", "school_id", "kind", "state", "undone_at"])
          .where("id", "=", params.importId)
          .forUpdate()
          .executeTakeFirst();
        if (!row || !actsFor(actor, row.school_id)) throw noSuchImport();
        if (row.kind === "timetable" && !hasScope(actor, "lessons:write"))
          throw new RefusalError("refused-by-rule", importText("undo-lessons"));
        if (row.undone_at !== null || !isForgiving(row.kind)) throw new RefusalError("conflict", importText("undo-nothing"));
        return { body: await undoImport(change, actor, row) };
      }),
  });
}

/** Without the file, which may be large. */
async function findImport(db: Db, importId: string): Promise<ShownImport> {
  const row = await db
    .selectFrom("imports")
    .select(["id", "school_id", "kind", "state", "rows_total", "rows_done", "rows_added", "errors"])
    .select(["undone_at", "created_at", "finished_at"])
    .where("id", "=", importId)
    .executeTakeFirst();
  if (!row) throw noSuchImport();
  return row;
}

function noSuchImport(): RefusalError {
  return new RefusalError("not-found", schoolText("no-import"));
}

function importResponse(row: ShownImport, language: Language) {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    rowsTotal: row.rows_total,
    rowsDone: row.rows_done,
    rowsAdded: row.rows_added,
    errors: row.errors.map((error) => shownError(error, language)),
    undoneAt: row.undone_at,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

/** API routes for imports of people and timetables from CSV files. */

import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Language } from "../../../platform/messages/language.ts";
import { shownError } from "../../foundation/csv/import-mistake.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { actsFor, targetSchool } from "../../foundation/schools/scope.ts";
import type { Requester } from "../../foundation/store/requester.ts";
import type { Db, Import } from "../../foundation/store/tables.ts";
import { type HourlyLimits, hourlyCounts } from "../../people/limits/hourly-limits.ts";
import type { ImportKind } from "./import-plan.ts";
import { addImport } from "./import-work.ts";
import { importShape } from "./shapes.ts";

const TAG = "Imports";
const MAX_BYTES = 16 * 1024 * 1024;

type ShownImport = Omit<Import, "source" | "requested_by" | "created_by">;

export type ImportContext = RouteContext & { readonly linkSecret: () => string; readonly hourly: HourlyLimits };

export function importRoutes(context: ImportContext): ApiRoute[] {
  return [importPeopleRoute(context), importTimetableRoute(context), ...oneRosterRoutes(context), getImportRoute(context)];
}

function importPeopleRoute(context: ImportContext): ApiRoute {
  return route({
    id: "importPeople",
    ...uploadRoute(context, "people"),
    summary: "Import people: login,name,role,email,password,course; people who are there already are left as they are",
    access: requires("people:write", ...ADMINISTRATORS),
  });
}

function importTimetableRoute(context: ImportContext): ApiRoute {
  return route({
    id: "importTimetable",
    ...uploadRoute(context, "timetable"),
    summary:
      "Import lessons: date,start,end,title,course,teacher,mode,guests,capacity, in the school's time zone; lessons that are there already are left as they are",
    access: requires("lessons:write", ...ADMINISTRATORS),
  });
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
    }),
    route({
      id: "importOneRosterClasses",
      ...uploadRoute(context, "oneroster-classes", "/imports/oneroster/classes"),
      summary: "Import classes.csv of OneRoster: courses are created or changed by their sourcedId",
      access,
    }),
    route({
      id: "importOneRosterEnrollments",
      ...uploadRoute(context, "oneroster-enrollments", "/imports/oneroster/enrollments"),
      summary: "Import enrollments.csv of OneRoster: people are put into courses, and taken out where the status is tobedeleted",
      access,
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
    body: z.string().describe("CSV with a header line, in UTF-8."),
    bodyType: "text/csv",
    bodyLimit: MAX_BYTES,
    status: 202,
    answer: importShape,
    creates: true,
    refusals: ["not-found", "too-large", "too-many", "database-away"],
    handle: async ({ query, body, ...requester }: UploadCall) => {
      const school = await targetSchool(db, requester.actor, query.schoolId);
      await hourly.admit(hourlyCounts("import", requester.actor));
      const importId = await addImport({ changes, secret: linkSecret }, requester, school, kind, body);
      return { body: importResponse(await findImport(db, importId), requester.language) };
    },
  } as const;
}

type UploadCall = Requester & {
  readonly query: { readonly schoolId?: string | undefined };
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

/** Without the file, which may be large. */
async function findImport(db: Db, importId: string): Promise<ShownImport> {
  const row = await db
    .selectFrom("imports")
    .select(["id", "school_id", "kind", "state", "rows_total", "rows_done", "rows_added", "errors", "created_at", "finished_at"])
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
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

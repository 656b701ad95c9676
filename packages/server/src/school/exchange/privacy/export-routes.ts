/** Serves the API routes that export the audit log, participants and attendance as CSV and JSON, in pages. */
import { z } from "zod";
import type { Access } from "../../../access/actor.ts";
import type { Rights } from "../../../access/rights.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id, instant } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { attendanceExport, auditExport, type Export, type ExportPage, participantsExport } from "./exports.ts";

const MAX_ROWS = 10_000;

export function exportRoutes(context: RouteContext): ApiRoute[] {
  const ofTeachers = { access: requires("people:read", ...TEACHERS), rights: ["++++----", "+000----"] } as const;
  return [
    ...exportOf(context, "audit", {
      what: "the audit log, oldest first",
      access: requires("audit:read", ...ADMINISTRATORS),
      rights: ["++------", "+0------"],
      source: auditExport,
    }),
    ...exportOf(context, "participants", { what: "who joined lessons", ...ofTeachers, source: participantsExport }),
    ...exportOf(context, "attendance", {
      what: "who was expected in lessons and who came",
      ...ofTeachers,
      source: attendanceExport,
    }),
  ];
}

const query = z.strictObject({
  schoolId: id.optional(),
  lessonId: id.optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(1000).describe("Rows; for attendance, at most 50 lessons."),
  cursor: id.optional().describe("nextCursor of the page before; for CSV, its header Lectern-Next-Cursor."),
});

type ExportKind = "audit" | "participants" | "attendance";

type Exported<Row> = {
  readonly what: string;
  readonly access: Access;
  readonly rights: Rights;
  readonly source: Export<Row>;
};

function exportOf<Row>(context: RouteContext, kind: ExportKind, { what, access, rights, source }: Exported<Row>): ApiRoute[] {
  const name = kind[0]?.toUpperCase() + kind.slice(1);
  const read = pageReader(context, source);
  const common = {
    method: "GET",
    tag: "Data protection",
    access,
    rights,
    reads: "export",
    query,
    status: 200,
    refusals: ["not-found", "database-away"],
  } as const;
  const toJson = (row: Row) => Object.fromEntries(source.columns.map((column) => [column.name, column.valueOf(row)]));
  return [
    route({
      ...common,
      id: `export${name}`,
      path: `/exports/${kind}`,
      summary: `Export ${what}, as JSON`,
      answer: z.object({ items: z.array(z.record(z.string(), z.unknown())), nextCursor: z.string().nullable() }),
      handle: async ({ actor, query: asked }) => {
        const { rows, next } = await read(actor, asked);
        return { body: { items: rows.map(toJson), nextCursor: next } };
      },
    }),
    route({
      ...common,
      id: `export${name}Csv`,
      path: `/exports/${kind}.csv`,
      summary: `Export ${what}, as CSV for spreadsheets; no cell is a formula`,
      answer: z.string(),
      answerType: "text/csv; charset=utf-8",
      handle: async ({ actor, query: asked }) => {
        const { rows, next } = await read(actor, asked);
        const headers = {
          "content-disposition": `attachment; filename="${kind}.csv"`,
          ...(next ? { "lectern-next-cursor": next } : {}),
        };
        return { body: writeCsv(source.columns, rows), headers };
      },
    }),
  ];
}

function pageReader<Row>({ db }: RouteContext, source: Export<Row>) {
  return (actor: Parameters<typeof schoolScope>[0], asked: z.output<typeof query>): Promise<ExportPage<Row>> =>
    source.read(db, {
      actor,
      schoolId: schoolScope(actor, asked.schoolId),
      from: asked.from ? new Date(asked.from) : null,
      to: asked.to ? new Date(asked.to) : null,
      lessonId: asked.lessonId ?? null,
      after: asked.cursor ?? "",
      limit: asked.limit,
    });
}

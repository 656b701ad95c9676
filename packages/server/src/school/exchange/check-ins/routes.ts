/** Serves the API routes for a school's daily check-in: its forms, what students answer each day, and the answers as a list and CSV. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { type CsvColumn, writeCsv } from "../../foundation/requests/csv.ts";
import { definedFields, id, idParam, text, time, version } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { type Resource, resource } from "../../foundation/resource/resource.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { CheckInAnswers, CheckInField, CheckInForm } from "../../foundation/store/check-in-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { queueNotices } from "../../people/guardians/notices.ts";
import { answerTo, checkInAnswers, checkInField, dayIn, MAX_FIELDS, validationErrorsIn } from "./check-in-fields.ts";

const TAG = "Check-in";
const READ = requires("people:read", ...EVERY_ROLE);
const MAX_FORMS = 20;
/** A year of a large class in one file would not fit into memory. */
const MAX_CSV_ROWS = 20_000;

const day = z.iso.date().describe("In the school's time zone.");
const fieldList = z
  .array(checkInField)
  .min(1)
  .max(MAX_FIELDS)
  .refine((fields) => new Set(fields.map(({ key }) => key)).size === fields.length, "keys differ");
const newForm = z.strictObject({ schoolId: id.optional(), name: text(100), fields: fieldList, enabled: z.boolean().default(true) });
const changedForm = z.strictObject({ name: text(100).optional(), fields: fieldList.optional(), enabled: z.boolean().optional() });
const formShape = z
  .object({ id, schoolId: id, name: z.string(), fields: z.array(checkInField), enabled: z.boolean(), createdAt: time, version })
  .meta({ id: "CheckInForm" });
const answeredShape = z.object({ id, formId: id, day: z.string(), at: time, answers: checkInAnswers }).meta({ id: "CheckIn" });
const checkInShape = answeredShape.extend({ userId: id, name: z.string() }).meta({ id: "CheckInOfPerson" });

type Forms = Resource<"check_in_forms", typeof formShape>;

export function checkInRoutes(context: RouteContext): ApiRoute[] {
  const forms = resource(context, {
    table: "check_in_forms",
    path: "/check-in-forms/:formId",
    tag: TAG,
    kind: "check-in-form",
    read: READ,
    write: requires("people:write", ...ADMINISTRATORS),
    owner: "school",
    missing: schoolText("no-form"),
    limit: { max: MAX_FORMS, refusal: schoolText("too-many-forms") },
    shape: formShape,
    present: () => formResponse,
    visible: visibleForms,
    audited: nameOf,
  });
  return [
    listFormsRoute(context),
    forms.create("createCheckInForm", {
      summary: "Create a form of the daily check-in, with fields of the school's own",
      rights: ["++------", "+0------"],
      body: newForm,
      row: ({ name, fields, enabled }) => ({ name, fields: json<readonly CheckInField[]>(fields), enabled }),
    }),
    forms.change("changeCheckInForm", {
      summary: "Change a form of the daily check-in; earlier answers stay as they are",
      rights: ["++------", "+0------"],
      body: changedForm,
      refusals: ["conflict"],
      columns: ({ name, fields, enabled }) =>
        definedFields({ name, enabled, fields: fields && json<readonly CheckInField[]>(fields) }),
      entry: (_, after) => ({ after: nameOf(after) }),
    }),
    forms.delete("deleteCheckInForm", {
      summary: "Delete a form of the daily check-in, with all answers",
      rights: ["++------", "+0------"],
      refusals: ["conflict"],
      entry: (form) => ({ after: nameOf(form) }),
    }),
    getMyCheckInRoute(context, forms),
    putMyCheckInRoute(context, forms),
    listCheckInsRoute(context, forms),
    exportCheckInsRoute(context, forms),
  ];
}

/** All of them: a school has few. */
function listFormsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listCheckInForms",
    method: "GET",
    path: "/check-in-forms",
    tag: TAG,
    summary: "List the forms of the daily check-in; students see those that are enabled",
    access: READ,
    rights: ["+++++++-", "+000000-"],
    query: z.strictObject({ schoolId: id.optional() }),
    status: 200,
    answer: z.object({ items: z.array(formShape) }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const school = schoolScope(actor, query.schoolId);
      let found = visibleForms(db, actor).orderBy("id");
      if (school !== null) found = found.where("school_id", "=", school);
      return { body: { items: (await found.execute()).map(formResponse) } };
    },
  });
}

function getMyCheckInRoute({ db }: RouteContext, forms: Forms): ApiRoute {
  return route({
    id: "getMyCheckIn",
    method: "GET",
    path: "/check-in-forms/:formId/mine",
    tag: TAG,
    summary: "Get what the person has answered today",
    access: READ,
    rights: ["+++++++-", "+000000-"],
    params: idParam("formId"),
    status: 200,
    answer: z.object({ day: z.string(), checkIn: answeredShape.nullable() }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const form = await forms.find(db, actor, params.formId);
      const today = await todayOf(db, form.school_id);
      const row = await db
        .selectFrom("check_ins")
        .selectAll()
        .where("form_id", "=", form.id)
        .where("user_id", "=", actor.id ?? "")
        .where("day", "=", today)
        .executeTakeFirst();
      return { body: { day: today, checkIn: row ? answeredResponse(row) : null } };
    },
  });
}

function putMyCheckInRoute({ changes }: RouteContext, forms: Forms): ApiRoute {
  return route({
    id: "putMyCheckIn",
    method: "PUT",
    path: "/check-in-forms/:formId/mine",
    tag: TAG,
    summary: "Check in for today, or change today's answers; guardians are told once",
    access: requires("people:write", "student"),
    rights: ["-----+--", "-----0--"],
    params: idParam("formId"),
    body: z.strictObject({ answers: checkInAnswers }),
    status: 200,
    answer: answeredShape,
    refusals: ["not-found", "refused-by-rule", "conflict", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async (change) => {
        if (actor.kind !== "user" || actor.id === null) throw new RefusalError("refused-by-rule", schoolText("own-check-in"));
        const form = await forms.find(change.trx, actor, params.formId);
        const mistakes = validationErrorsIn(form.fields, body.answers);
        if (mistakes.length > 0) throw new RefusalError(new Refusal("bad-request", null, mistakes));
        const today = await todayOf(change.trx, form.school_id);
        const answers = json<CheckInAnswers>(body.answers);
        const now = new Date();
        const row = await change.trx
          .insertInto("check_ins")
          .values({ id: newId(), form_id: form.id, user_id: actor.id, day: today, answers, at: now })
          .onConflict((conflict) => conflict.constraint("check_ins_once").doUpdateSet({ answers, at: now }))
          .returningAll()
          .executeTakeFirstOrThrow();
        await tellGuardians(change, form, actor.id, today);
        await change.emit("check-in.made", form.school_id, { formId: form.id, form: form.name, userId: actor.id, day: today });
        return { body: answeredResponse(row) };
      }),
  });
}

function tellGuardians(change: Change, form: CheckInForm, childId: string, today: string): Promise<void> {
  const subject = `${form.name}: ${today}`;
  const text = (child: string) =>
    `${child} has checked in (${form.name}, ${today}).\n\n${child} 已完成签到（${form.name}，${today}）。\n`;
  return queueNotices(change, [{ kind: "check-in", childId, about: `${form.id} ${today}`, subject, text }]);
}

function listCheckInsRoute({ db }: RouteContext, forms: Forms): ApiRoute {
  return route({
    id: "listCheckIns",
    method: "GET",
    path: "/check-in-forms/:formId/check-ins",
    tag: TAG,
    summary: "List the answers to a form on one day",
    access: requires("people:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    reads: "check-ins",
    params: idParam("formId"),
    query: z.strictObject({ ...paging, day: day.optional().describe("Default: today, in the school's time zone.") }),
    status: 200,
    answer: pageOf(checkInShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query }) => {
      const form = await forms.find(db, actor, params.formId);
      const rows = await checkInsOf(db, form)
        .where("day", "=", query.day ?? (await todayOf(db, form.school_id)))
        .where("check_ins.id", ">", query.cursor ?? "")
        .orderBy("check_ins.id")
        .limit(query.limit + 1)
        .execute();
      return { body: toPage(rows, query.limit, (row) => ({ ...answeredResponse(row), userId: row.user_id, name: row.name })) };
    },
  });
}

function exportCheckInsRoute({ db }: RouteContext, forms: Forms): ApiRoute {
  return route({
    id: "exportCheckIns",
    method: "GET",
    path: "/check-in-forms/:formId/export",
    tag: TAG,
    summary: "Export the answers to a form as CSV, of some days",
    access: requires("people:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    reads: "export",
    params: idParam("formId"),
    query: z.strictObject({ from: day, to: day }),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query }) => {
      const form = await forms.find(db, actor, params.formId);
      const rows = await checkInsOf(db, form)
        .where("day", ">=", query.from)
        .where("day", "<=", query.to)
        .orderBy("day")
        .orderBy("check_ins.id")
        .limit(MAX_CSV_ROWS)
        .execute();
      type Row = (typeof rows)[number];
      const columns: CsvColumn<Row>[] = [
        { name: "day", valueOf: (row) => row.day },
        { name: "login", valueOf: (row) => row.login },
        { name: "name", valueOf: (row) => row.name },
        { name: "at", valueOf: (row) => row.at },
        ...form.fields.map((field) => ({ name: field.label, valueOf: (row: Row) => answerTo(field, row.answers) ?? null })),
      ];
      return { body: writeCsv(columns, rows) };
    },
  });
}

function checkInsOf(db: Db, { id: formId }: CheckInForm) {
  return db
    .selectFrom("check_ins")
    .innerJoin("users", "users.id", "check_ins.user_id")
    .selectAll("check_ins")
    .select(["users.name", "users.login"])
    .where("form_id", "=", formId);
}

/** Students see those that are enabled. */
function visibleForms(db: Db, actor: Actor) {
  const all = db.selectFrom("check_in_forms").selectAll();
  const reached = actor.role === "operator" ? all : all.where("school_id", "=", actor.schoolId);
  return STAFF.some((role) => role === actor.role) ? reached : reached.where("enabled", "=", true);
}

async function todayOf(db: Db, schoolId: string): Promise<string> {
  const school = await db.selectFrom("schools").select("time_zone").where("id", "=", schoolId).executeTakeFirstOrThrow();
  return dayIn(school.time_zone, Date.now());
}

function nameOf({ name }: CheckInForm) {
  return { name };
}

function formResponse(form: CheckInForm) {
  const { id: formId, school_id: schoolId, name, enabled, created_at: createdAt } = form;
  return { id: formId, schoolId, name, enabled, createdAt, version: form.version, fields: form.fields.map(writableField) };
}

function writableField(field: CheckInField) {
  return { ...field, options: [...field.options] };
}

type Answered = {
  readonly id: string;
  readonly form_id: string;
  readonly day: string;
  readonly at: Date;
  readonly answers: CheckInAnswers;
};

function answeredResponse({ id: checkInId, form_id: formId, day: of, at, answers }: Answered) {
  return { id: checkInId, formId, day: of, at, answers };
}

/** What is kept of what happened (the audit log), and timetables for other calendars. */

import { ICalCalendar } from "ical-generator";
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newSecret } from "../lessons/join-code.ts";
import { visibleLessons } from "../lessons/lesson.ts";
import { auditShape, id, instant, pageOf, paging } from "../requests/fields.ts";
import { ADMINISTRATORS, type Desk, EVERY_ROLE, requires, schoolScope, toPage } from "../requests/route-context.ts";

/** A calendar has what was and what comes within these days. */
const CALENDAR_DAYS = { back: 60, ahead: 400 } as const;
const MAX_CALENDAR = 5000;
const DAY_MS = 24 * 3600 * 1000;
/** Calendars want an end; a lesson without one is shown as an hour. */
const USUAL_MS = 3600 * 1000;

export function recordRoutes({ db, changes }: Desk): ApiRoute[] {
  return [
    route({
      id: "listAudit",
      method: "GET",
      path: "/audit",
      tag: "Audit",
      summary: "Who changed what, when, from where; the newest first",
      access: requires("audit:read", ...ADMINISTRATORS),
      query: z.strictObject({
        ...paging,
        schoolId: id.optional(),
        targetId: z.string().max(100).optional(),
        actorId: id.optional(),
        action: z.string().max(100).optional(),
        from: instant.optional(),
        to: instant.optional(),
      }),
      status: 200,
      answer: pageOf(auditShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, query }) => {
        const { limit, cursor } = query;
        const school = schoolScope(actor, query.schoolId);
        let all = db
          .selectFrom("audit")
          .selectAll()
          .orderBy("id", "desc")
          .limit(limit + 1);
        if (cursor) all = all.where("id", "<", cursor);
        if (school !== null) all = all.where("school_id", "=", school);
        if (query.targetId) all = all.where("target_id", "=", query.targetId);
        if (query.actorId) all = all.where("actor_id", "=", query.actorId);
        if (query.action) all = all.where("action", "=", query.action);
        if (query.from) all = all.where("at", ">=", new Date(query.from));
        if (query.to) all = all.where("at", "<", new Date(query.to));
        return {
          body: toPage(await all.execute(), limit, (row) => ({
            id: row.id,
            schoolId: row.school_id,
            at: row.at,
            actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
            ip: row.ip,
            action: row.action,
            target: { kind: row.target_kind, id: row.target_id },
            before: row.before,
            after: row.after,
          })),
        };
      },
    }),
    route({
      id: "createMyCalendar",
      method: "POST",
      path: "/me/calendar",
      tag: "Calendar",
      summary: "The address of my timetable for other calendars; an older address is void",
      access: requires("lessons:read", ...EVERY_ROLE),
      status: 201,
      answer: z.object({ url: z.string() }).meta({ id: "CalendarAddress" }),
      refusals: ["database-away"],
      handle: async ({ actor, origin }) => {
        if (actor.kind !== "user" || !actor.id) throw new RefusalError("refused-by-rule", "Only a person has a calendar.");
        const me = actor.id;
        const secret = newSecret();
        await changes.transact({ actor }, async (change) => {
          await change.trx.updateTable("users").set({ calendar_secret: secret }).where("id", "=", me).execute();
          await change.audit({ action: "user.calendar", schoolId: actor.schoolId, targetKind: "user", targetId: me });
          return { body: null };
        });
        return { body: { url: `${origin}/api/v1/calendars/${secret}` } };
      },
    }),
    route({
      id: "getCalendar",
      method: "GET",
      path: "/calendars/:secret",
      tag: "Calendar",
      summary: "A person's lessons as iCalendar (RFC 5545)",
      access: "everybody",
      params: z.strictObject({ secret: z.string().max(100) }),
      status: 200,
      answer: z.string(),
      answerType: "text/calendar; charset=utf-8",
      refusals: ["not-found", "database-away"],
      handle: async ({ params, ip, origin }) => {
        const user = await db
          .selectFrom("users")
          .leftJoin("schools", "schools.id", "users.school_id")
          .select([
            "users.id",
            "users.role",
            "users.name",
            "users.school_id as schoolId",
            "schools.name as school",
            "schools.time_zone",
          ])
          .where("calendar_secret", "=", params.secret)
          .where("users.disabled_at", "is", null)
          .where("schools.archived_at", "is", null)
          .executeTakeFirst();
        if (!user) throw new RefusalError("not-found", "There is no such calendar.");
        const actor = {
          kind: "user" as const,
          id: user.id,
          name: user.name,
          role: user.role,
          schoolId: user.schoolId,
          scopes: null,
          ip,
        };
        const now = Date.now();
        const lessons = await visibleLessons(db, actor)
          .where("lessons.starts_at", ">", new Date(now - CALENDAR_DAYS.back * DAY_MS))
          .where("lessons.starts_at", "<", new Date(now + CALENDAR_DAYS.ahead * DAY_MS))
          .orderBy("lessons.starts_at")
          .limit(MAX_CALENDAR)
          .execute();
        const calendar = new ICalCalendar({ name: user.school ?? "Lectern", prodId: "//Lectern//Timetable//EN", ttl: 900 });
        for (const lesson of lessons) {
          if (!lesson.starts_at) continue;
          calendar.createEvent({
            id: `${lesson.id}@lectern`,
            sequence: lesson.version,
            start: lesson.starts_at,
            end: lesson.ends_at ?? new Date(lesson.starts_at.getTime() + USUAL_MS),
            stamp: lesson.created_at,
            summary: lesson.title,
            url: `${origin}/j/${lesson.code}`,
          });
        }
        return { body: calendar.toString() };
      },
    }),
  ];
}

/** Serves the API routes for calendar subscriptions: the secret URL of a person's timetable, and the calendar itself. */
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { personOf } from "../../people/accounts/people-only.ts";
import { findCalendarOwner, timetable, timetableLessons } from "./timetable.ts";

const TAG = "Calendar";

export function calendarRoutes(context: RouteContext): ApiRoute[] {
  return [createMyCalendarRoute(context), getCalendarRoute(context)];
}

function createMyCalendarRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "createMyCalendar",
    method: "POST",
    path: "/me/calendar",
    tag: TAG,
    summary: "Create the URL of the own timetable for calendar programs; the previous URL stops working",
    access: requires("lessons:read", ...EVERY_ROLE),
    rights: ["+++++++-", null],
    status: 201,
    answer: z.object({ url: z.string() }).meta({ id: "CalendarAddress" }),
    refusals: ["database-away"],
    handle: async ({ actor, origin }) => {
      const me = personOf(actor, schoolText("people-only-calendar"));
      const secret = newSecret();
      await changes.transact({ actor }, async (change) => {
        await change.trx.updateTable("users").set({ calendar_secret: secret }).where("id", "=", me).execute();
        await change.audit({ action: "user.calendar", schoolId: actor.schoolId, targetKind: "user", targetId: me });
        return { body: null };
      });
      return { body: { url: `${origin}/api/v1/calendars/${secret}` } };
    },
  });
}

function getCalendarRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getCalendar",
    method: "GET",
    path: "/calendars/:secret",
    tag: TAG,
    summary: "Get a person's lessons as iCalendar (RFC 5545)",
    access: everybody("lessons:read"),
    rights: ["++++++++", null],
    reads: { unlogged: "of the person whose secret it is" },
    params: z.strictObject({ secret: z.string().max(100) }),
    status: 200,
    answer: z.string(),
    answerType: "text/calendar; charset=utf-8",
    refusals: ["not-found", "database-away"],
    handle: async ({ params, ip, origin }) => {
      const owner = await findCalendarOwner(db, params.secret, ip);
      if (!owner) throw new RefusalError("not-found", schoolText("no-calendar"));
      const lessons = await timetableLessons(db, owner.actor, Date.now());
      return { body: timetable(owner.school ?? "Lectern", lessons, origin) };
    },
  });
}

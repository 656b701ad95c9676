/** Serves the API routes for the terms and holidays of a school. Series of lessons leave holidays out; forms offer the days of terms. */
import { z } from "zod";
import type { ApiRoute } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { seriesText } from "../../foundation/messages/series-texts.ts";
import { definedFields, id, text, time, version } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { CALENDAR_ENTRY_KINDS } from "../../foundation/store/lesson-series-tables.ts";
import { day, isDayRange } from "../series/day-fields.ts";
import { planAgain } from "../series/series-work.ts";

/** Of ten years and more. Each lesson of a series is compared with all of them. */
const MAX_ENTRIES = 300;
const kind = z.enum(CALENDAR_ENTRY_KINDS);
const ENDS_BEFORE = { path: ["endsOn"], error: fieldText.key("ends-before-first-day") };
const newEntry = z
  .strictObject({ schoolId: id.optional(), kind, name: text(100), startsOn: day, endsOn: day.describe("The last day.") })
  .refine(isDayRange, ENDS_BEFORE);
const changedEntry = z
  .strictObject({ kind: kind.optional(), name: text(100).optional(), startsOn: day.optional(), endsOn: day.optional() })
  .refine(isDayRange, ENDS_BEFORE);
const entryShape = z
  .object({ id, schoolId: id, kind, name: z.string(), startsOn: z.string(), endsOn: z.string(), createdAt: time, version })
  .meta({ id: "CalendarEntry" });

export function calendarEntryRoutes(context: RouteContext): ApiRoute[] {
  const entries = resource(context, {
    table: "calendar_entries",
    path: "/calendar-entries/:calendarEntryId",
    tag: "Calendar",
    kind: "calendar-entry",
    read: requires("schools:read", ...STAFF),
    write: requires("schools:write", ...ADMINISTRATORS),
    owner: "school",
    missing: seriesText("no-entry"),
    limit: { max: MAX_ENTRIES, refusal: seriesText("too-many-entries", { max: MAX_ENTRIES }) },
    shape: entryShape,
    present: () => (entry) => ({
      id: entry.id,
      schoolId: entry.school_id,
      kind: entry.kind,
      name: entry.name,
      startsOn: entry.starts_on,
      endsOn: entry.ends_on,
      createdAt: entry.created_at,
      version: entry.version,
    }),
  });
  return [
    entries.list("listCalendarEntries", { summary: "List the terms and holidays of a school", rights: ["+++++---", "+0000---"] }),
    entries.create("createCalendarEntry", {
      summary: "Create a term or a holiday; lessons of series on a holiday go to the bin",
      rights: ["++------", "+0------"],
      body: newEntry,
      row: ({ kind: of, name, startsOn, endsOn }) => ({ kind: of, name, starts_on: startsOn, ends_on: endsOn }),
      also: (change, { school_id }) => planAgain(change, school_id),
    }),
    entries.get("getCalendarEntry", { summary: "Get a term or a holiday", rights: ["+++++---", "+0000---"] }),
    entries.change("changeCalendarEntry", {
      summary: "Change a term or a holiday; series of lessons follow it",
      rights: ["++------", "+0------"],
      body: changedEntry,
      columns: ({ kind: of, name, startsOn, endsOn }, before) => {
        if ((startsOn ?? before.starts_on) > (endsOn ?? before.ends_on))
          throw new RefusalError("bad-request", seriesText("entry-ends-before"));
        return definedFields({ kind: of, name, starts_on: startsOn, ends_on: endsOn });
      },
      also: (change, { school_id }) => planAgain(change, school_id),
    }),
    entries.delete("deleteCalendarEntry", {
      summary: "Delete a term or a holiday; lessons of series that it left out come back",
      rights: ["++------", "+0------"],
      also: (change, { school_id }) => planAgain(change, school_id),
    }),
  ];
}

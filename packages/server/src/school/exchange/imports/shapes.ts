/** Defines what the API returns about imports. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { ONEROSTER_KINDS } from "./oneroster.ts";

const lineError = z.object({ line: z.int(), column: z.string(), message: z.string() });

/** What an import would do. */
export const importPreviewShape = z
  .object({
    columns: z.array(
      z.object({
        heading: z.string(),
        field: z.string().nullable().describe("What the column means; null: nothing that is known."),
      }),
    ),
    fields: z.array(z.object({ name: z.string(), required: z.boolean() })).describe("What columns can mean."),
    rows: z
      .array(z.object({ line: z.int(), cells: z.array(z.string()) }))
      .describe("The first rows, as they are read. Passwords are covered."),
    rowsTotal: z.int(),
    rowsRight: z.int().describe("Rows without errors."),
    missingCourses: z.array(z.string()).describe("Courses that the file names and the school does not have."),
    canImport: z.boolean().describe("Whether something would be imported with these options."),
    errors: z.array(lineError).describe("All of them, at most 200."),
  })
  .meta({ id: "ImportPreview" });

export const undoneImportShape = z
  .object({
    people: z.int().describe("Deleted: they had not signed in yet."),
    members: z.int().describe("Taken out of courses."),
    courses: z.int().describe("Deleted: nobody was in them any more."),
    lessons: z.int().describe("Moved to the trash: they had not begun."),
    kept: z.int().describe("People, courses and lessons that stay, because they have been used."),
  })
  .meta({ id: "UndoneImport" });

export const importShape = z
  .object({
    id,
    kind: z.enum(["people", "timetable", ...ONEROSTER_KINDS]),
    state: z.enum(["running", "done", "failed"]),
    rowsTotal: z.int(),
    rowsDone: z.int().describe("Rows that are saved. After an error, rows before it may have been saved."),
    undoneAt: time.nullable().describe("When what it made was taken back."),
    rowsAdded: z.int().describe("Of these, rows that made something new; the others were there already."),
    errors: z.array(lineError).describe("Of the whole file; with `skipFaulty`, of the rows that are left out. At most 200."),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: "Import" });

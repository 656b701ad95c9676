/** What the API returns about imports. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { ONEROSTER_KINDS } from "./oneroster.ts";

export const importShape = z
  .object({
    id,
    kind: z.enum(["people", "timetable", ...ONEROSTER_KINDS]),
    state: z.enum(["running", "done", "failed"]),
    rowsTotal: z.int(),
    rowsDone: z.int().describe("Rows that are saved. After an error, rows before it may have been saved."),
    rowsAdded: z.int().describe("Of these, rows that made something new; the others were there already."),
    errors: z.array(z.object({ line: z.int(), column: z.string(), message: z.string() })),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: "Import" });

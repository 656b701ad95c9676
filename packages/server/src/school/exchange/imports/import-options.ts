/** Defines how forgiving an import is. Without options, a file with any fault changes nothing. */
import { z } from "zod";
import { flag } from "../../foundation/requests/fields.ts";

export type ImportOptions = {
  /** The field of each column of the file; null: it is not read. Without it, the headings say the fields. */
  readonly columns?: readonly (string | null)[] | undefined;
  /** Columns without a known heading are left out. */
  readonly ignoreUnknown?: boolean | undefined;
  /** Courses that the school does not have are created. */
  readonly createCourses?: boolean | undefined;
  /** Where no column has them, usernames are made of people's names. */
  readonly makeLogins?: boolean | undefined;
  /** Rows without faults are imported, the others are reported. */
  readonly skipFaulty?: boolean | undefined;
  /** The course of people whose row names none. */
  readonly courseId?: string | undefined;
};

/** Stands in a request for a column that is not read. */
const IGNORED = "-";

export const importOptionsQuery = {
  columns: z
    .string()
    .max(2000)
    .optional()
    .describe(
      "The field of each column of the file, with commas between; `-` for one that is not read. Default: as its headings say.",
    ),
  ignoreUnknown: flag.optional().describe("true: columns with unknown headings are not read. Default: they are errors."),
  createCourses: flag.optional().describe("true: courses that are missing are created. Default: they are errors."),
  makeLogins: flag
    .optional()
    .describe(
      "true: where no column has usernames, they are made of the names: `ann.lee`, `李梅`. Default: the column is missing.",
    ),
  skipFaulty: flag.optional().describe("true: rows without errors are imported. Default: one error stops the import."),
};

export function columnsOf(text: string | undefined): readonly (string | null)[] | undefined {
  return text?.split(",").map((name) => (name.trim() === IGNORED || name.trim() === "" ? null : name.trim().toLowerCase()));
}

const stored = z.object({
  columns: z.array(z.string().nullable()).optional(),
  ignoreUnknown: z.boolean().optional(),
  createCourses: z.boolean().optional(),
  makeLogins: z.boolean().optional(),
  skipFaulty: z.boolean().optional(),
  courseId: z.string().optional(),
});

/** As the database keeps them; those of an older version, or of a newer one, are what is known of them. */
export function storedImportOptions(kept: unknown): ImportOptions {
  return stored.safeParse(kept).data ?? {};
}

/** Provides the mistakes in a file that the API refuses to import. */
import type { Problem } from "@lectern/client";
import type { LineError } from "../list/csv-import.tsx";

/** Those that name a line: `3.options`, or `3` for the whole line. */
export function fileErrors({ errors = [] }: Pick<Problem, "errors">): readonly LineError[] {
  return errors.flatMap(({ path, message }) => {
    const [, line, column = ""] = /^(\d+)(?:\.(.*))?$/s.exec(path) ?? [];
    return line === undefined ? [] : [{ line: Number(line), column, message }];
  });
}

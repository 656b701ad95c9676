/** Defines what checking the rows of an import gives: a value for each row that is right, and every error. */

import type { Text } from "../../../platform/messages/message.ts";
import type { CsvRow } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { forEachInSlices } from "../../foundation/csv/slices.ts";

export type CheckedRows<T> = {
  /** In the order of the rows; null for one with errors. */
  readonly values: readonly (T | null)[];
  readonly errors: readonly RowError[];
};

/** Reports an error in a column of the current row. */
export type Report = (column: string, text: Text) => null;

/**
 * @param faults found in the rows before: such a row has no value, and a column with one has no second
 * @param check the value of a row; what it reports of columns that the file does not have is not the row's fault
 */
export async function checkRows<T>(
  rows: readonly CsvRow[],
  faults: readonly RowError[],
  check: (row: CsvRow, wrong: Report) => T | null,
): Promise<CheckedRows<T>> {
  const before = new Map<number, RowError[]>();
  for (const fault of faults) before.set(fault.line, [...(before.get(fault.line) ?? []), fault]);
  const errors: RowError[] = [];
  const values: (T | null)[] = [];
  await forEachInSlices(rows, (row) => {
    const own = [...(before.get(row.line) ?? [])];
    const value = check(row, (column, text) => {
      const isKnown = own.some((fault) => fault.column === column);
      if (!isKnown && (column === "" || column in row.cells)) own.push({ line: row.line, column, text });
      return null;
    });
    errors.push(...own);
    values.push(own.length === 0 ? value : null);
  });
  return { values, errors };
}

/**
 * Provides the figures that a benchmark has to keep (bench/budgets.json). Machines differ, so most are shares of what another row of the same run
 * shows: the floor, or another server.
 */
import type { Table } from "./table.ts";

export type Budget = {
  /** The first cell of the row. */
  readonly row: string;
  /** The head of the column, with its unit. */
  readonly column: string;
  readonly most: number;
  /** The row whose figure in that column `most` is a multiple of; left out: `most` has the column's unit. */
  readonly of?: string;
};

/** By the names of the benchmarks. */
export type Budgets = Readonly<Record<string, readonly Budget[]>>;

/** @returns a line for each figure that is over its budget or that the table does not have; empty: all are kept */
export function overBudget({ columns, rows }: Pick<Table, "columns" | "rows">, budgets: readonly Budget[]): string[] {
  const figure = (row: string, column: string): number | null => {
    const cell = rows.find(([name]) => name === row)?.[columns.indexOf(column)];
    return typeof cell === "number" && Number.isFinite(cell) ? cell : null;
  };
  return budgets.flatMap(({ row, column, most, of }) => {
    const [found, unit] = [figure(row, column), of === undefined ? 1 : figure(of, column)];
    if (found === null || unit === null) return [`${row}, ${column}: no figure`];
    const limit = most * unit;
    if (found <= limit) return [];
    return [`${row}, ${column}: ${found} is over ${limit}${of === undefined ? "" : `, ${most} times that of ${of}`}`];
  });
}

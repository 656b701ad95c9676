/** Finds the figures of a benchmark's table that can be compared: CPU, memory, delays and rates of Lectern, by the units in the heads. */
import type { Table } from "../report/table.ts";
import type { FigureKind, FigureName } from "./comparison.ts";

export type Figure = FigureName & { readonly value: number };

/** Servers that are the same beside both versions. */
const PEERS = /^(nginx|node-media-server|Socket\.IO|a loop over|Janus|file$|floor)/;
/** They repeat other columns, or are of the load and not of the server. `s to ready` is the CPU of a start that waits for a processor. */
const LEFT_OUT = /^(spread|× floor|cores of the members|s to ready|oldest |loop hold)/;
/** They tell one row from another, so they belong to its name. */
const OF_THE_NAME = ["viewers", "members", "number"];
const UNITS: readonly (readonly [FigureKind, RegExp])[] = [
  ["cpu", /\bcores?\b|\bCPU\b|µs/],
  ["memory", /\b[kM]B\b(?!\/s| written| of)/],
  ["delay", /\bms\b/],
];

/** @param rates columns that have rates */
export function figuresOf(benchmark: string, table: Pick<Table, "columns" | "rows">, rates: readonly string[] = []): Figure[] {
  return table.rows.flatMap((row) => {
    const label = labelOf(table.columns, row);
    if (PEERS.test(label)) return [];
    return row.flatMap((cell, i) => {
      const head = table.columns[i] ?? "";
      if (cell === null || LEFT_OUT.test(head)) return [];
      const isNamedByRow = head === "figure";
      const kind = rates.includes(head) ? "rate" : kindOf(isNamedByRow ? label : head);
      if (!kind) return [];
      const what = isNamedByRow ? label : `${label}: ${head}`;
      return valuesOf(cell, what).map((one) => ({ benchmark, kind, ...one }));
    });
  });
}

/** The words at the beginning of a row, and how many viewers or members it is about. */
function labelOf(columns: readonly string[], row: Table["rows"][number]): string {
  const words = row.findIndex((cell) => typeof cell !== "string");
  const counts = OF_THE_NAME.flatMap((head) => {
    const i = columns.indexOf(head);
    return i > 0 && typeof row[i] === "number" ? [`${row[i]} ${head}`] : [];
  });
  return [...row.slice(0, words < 0 ? 1 : words), ...counts].join(", ");
}

function kindOf(head: string): FigureKind | null {
  return UNITS.find(([, unit]) => unit.test(head))?.[0] ?? null;
}

/** A number, or two of them as "12 / 34", which the end of the head names: "ms, median / p99". */
function valuesOf(cell: string | number, what: string): { readonly what: string; readonly value: number }[] {
  if (typeof cell === "number") return Number.isFinite(cell) ? [{ what, value: cell }] : [];
  const numbers = /^([\d.]+) \/ ([\d.]+)$/.exec(cell);
  const names = /^(.*), (\S+) \/ (\S+)$/.exec(what);
  if (!numbers || !names) return [];
  return [2, 3].map((i) => ({ what: `${names[1]}, ${names[i]}`, value: Number(numbers[i - 1]) }));
}

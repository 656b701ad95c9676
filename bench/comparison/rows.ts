/** Provides the benchmarks that `script/bench compare` can run, with the options of one run. The first five are the short form. */
import { UsageError } from "../testbed/usage-error.ts";

export type ComparedRow = {
  readonly options: readonly string[];
  /**
   * `this`: one load for both versions, that of the work tree which compares. `own`: each version runs its own benchmark, because it measures code within
   * its own process.
   */
  readonly harness: "this" | "own";
  /** It opens pages in a browser, so that they have to be built. */
  readonly hasPages?: boolean;
  /** Columns with a rate, which have no unit that says so. */
  readonly rates?: readonly string[];
};

export const SHORT_FORM = ["fanout", "ingest", "room", "join", "rest"];

const QUICK = ["--quick", "--repeats", "1"];

export const ROWS: Readonly<Record<string, ComparedRow>> = {
  fanout: { options: [...QUICK, "--only", "=Lectern HTTP-FLV"], harness: "this" },
  ingest: { options: [...QUICK, "--only", "Lectern"], harness: "this" },
  room: { options: [...QUICK, "--only", "plain", "--viewers", "1000"], harness: "this" },
  join: { options: QUICK, harness: "this" },
  rest: { options: [...QUICK, "--only", "Lectern"], harness: "this" },
  beacons: { options: QUICK, harness: "this" },
  board: { options: QUICK, harness: "this" },
  hls: { options: QUICK, harness: "this", rates: ["Lectern"] },
  latency: { options: QUICK, harness: "this", hasPages: true },
  memory: { options: QUICK, harness: "this" },
  players: { options: QUICK, harness: "this", hasPages: true },
  polling: { options: QUICK, harness: "this" },
  publishing: { options: QUICK, harness: "this" },
  record: { options: QUICK, harness: "this" },
  replay: { options: QUICK, harness: "this" },
  webrtc: { options: QUICK, harness: "this" },
  workers: { options: QUICK, harness: "this" },
  access: { options: QUICK, harness: "own" },
  dispatch: { options: QUICK, harness: "own", rates: ["decisions a second of one core"] },
  reports: { options: QUICK, harness: "own" },
};

/** @param names none: the short form; `all`: every one @throws UsageError for a name that cannot be compared */
export function chosenRows(names: readonly string[]): (readonly [name: string, row: ComparedRow])[] {
  const wanted = names.length === 0 ? SHORT_FORM : names.includes("all") ? Object.keys(ROWS) : names;
  return wanted.map((name) => {
    const row = ROWS[name];
    if (!row) throw new UsageError(`"${name}" cannot be compared; rows are ${Object.keys(ROWS).join(", ")}, all`);
    return [name, row];
  });
}

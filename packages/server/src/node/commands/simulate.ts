/** `lectern simulate FILE`: simulates how a fleet serves the clients of a scenario. */
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { linesOf, pageOf } from "../../network/simulate/report.ts";
import { scenarioSchema } from "../../network/simulate/scenario.ts";
import { Simulation } from "../../network/simulate/simulation.ts";

export type SimulateOptions = {
  readonly file: string;
  /** The file for the page with plots; null: none. */
  readonly html: string | null;
  readonly json: boolean;
};

export function simulate({ file, html, json }: SimulateOptions): number {
  const read = scenarioSchema.safeParse(parse(readFileSync(file, "utf8")));
  if (!read.success) {
    for (const { path, message } of read.error.issues)
      process.stderr.write(`${file}: ${path.join(".") || "the whole"}: ${message}\n`);
    return 1;
  }
  const result = new Simulation(read.data).run();
  if (html !== null) writeFileSync(html, pageOf(result));
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const lines = linesOf(result);
    const width = Math.max(...lines.map(([what]) => what.length));
    process.stdout.write(`${result.title}\n\n${lines.map(([what, figure]) => `${what.padEnd(width)}  ${figure}`).join("\n")}\n`);
  }
  return 0;
}

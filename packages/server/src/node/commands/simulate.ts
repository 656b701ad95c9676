/** Runs `lectern simulate FILE`: simulates how a fleet serves the clients of a scenario. */
import { writeFileSync } from "node:fs";
import { linesOf, pageOf } from "../../network/simulate/report.ts";
import { type Scenario, scenarioSchema } from "../../network/simulate/scenario.ts";
import { Simulation } from "../../network/simulate/simulation.ts";
import { linesOfErrors, readYamlFile } from "../../platform/config/yaml-file.ts";

export type SimulateOptions = {
  readonly file: string;
  /** The file for the page with plots; null: none. */
  readonly html: string | null;
  readonly json: boolean;
};

export function simulate({ file, html, json }: SimulateOptions): number {
  const scenario = readScenario(file);
  if ("mistakes" in scenario) {
    for (const mistake of scenario.mistakes) process.stderr.write(`${mistake}\n`);
    return 1;
  }
  const result = new Simulation(scenario).run();
  if (html !== null) writeFileSync(html, pageOf(result));
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const lines = linesOf(result);
    const width = Math.max(...lines.map(([what]) => what.length));
    process.stdout.write(`${result.title}\n\n${lines.map(([what, figure]) => `${what.padEnd(width)}  ${figure}`).join("\n")}\n`);
  }
  return 0;
}

/** The scenario of a file, or its mistakes: a line for each. */
export function readScenario(file: string): Scenario | { readonly mistakes: readonly string[] } {
  const yaml = readYamlFile(file);
  if ("mistakes" in yaml) return { mistakes: linesOfErrors(yaml) };
  const read = scenarioSchema.safeParse(yaml.document.toJS());
  if (read.success) return read.data;
  return { mistakes: read.error.issues.map(({ path, message }) => `${file}: ${path.join(".") || "the whole"}: ${message}`) };
}

/** Reads a plan from a YAML file. Every mistake has its line and its key. */
import { isCollection, isMap, isPair, isScalar } from "yaml";
import { linesOfErrors, readYaml, readYamlFile, type YamlErrors, type YamlText } from "../../platform/config/yaml-file.ts";
import { type Plan, planSchema } from "./plan.ts";

export type ReadPlan = { readonly plan: Plan } | { readonly mistakes: readonly string[] };

export function readPlanFile(file: string): ReadPlan {
  return planOf(readYamlFile(file), file);
}

/** @param file for the words of mistakes */
export function readPlan(text: string, file: string): ReadPlan {
  return planOf(readYaml(text, file), file);
}

function planOf(yaml: YamlText | YamlErrors, file: string): ReadPlan {
  if ("mistakes" in yaml) return { mistakes: linesOfErrors(yaml) };
  const read = planSchema.safeParse(yaml.document.toJS());
  if (read.success) return { plan: read.data };
  const mistake = (path: readonly (string | number)[], what: string) =>
    `${file}:${lineOf(yaml, path)}: ${path.join(".") || "the plan"}: ${what}`;
  const mistakes = read.error.issues.flatMap((issue) => {
    const path = issue.path.filter((key) => typeof key !== "symbol");
    if (issue.code !== "unrecognized_keys") return [mistake(path, wordsOf(issue))];
    return issue.keys.map((key) => mistake([...path, key], "there is no such key"));
  });
  return { mistakes };
}

function wordsOf(issue: { readonly code: string; readonly message: string; readonly issues?: readonly unknown[] }): string {
  const [first] = issue.code === "invalid_key" ? (issue.issues ?? []) : [];
  return typeof first === "object" && first !== null && "message" in first ? String(first.message) : issue.message;
}

/** The line of a key or of an item of a list; of what is missing, that of what it is missing in. */
function lineOf({ document, lines }: YamlText, path: readonly (string | number)[]): number {
  let line = 1;
  let node: unknown = document.contents;
  for (const key of path) {
    if (!isCollection(node)) break;
    const item: unknown = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
      : node.items[Number(key)];
    const at = isPair(item) ? item.key : item;
    if (typeof at === "object" && at !== null && "range" in at && Array.isArray(at.range))
      line = lines.linePos(Number(at.range[0])).line;
    node = isPair(item) ? item.value : item;
  }
  return line;
}

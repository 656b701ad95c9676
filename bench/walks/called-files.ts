/** Tells which files a walk goes through, from the calls of functions in windows of time, and which of them only pass on what they are given. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";

/** A function of a file, by where it begins and ends in its text, and how often it was called. */
export type Calls = { readonly file: string; readonly start: number; readonly end: number; readonly count: number };
export type Window = readonly Calls[];
export type Walk = { readonly files: readonly string[]; readonly passingOn: readonly string[] };

type SyntaxNode = { readonly type: string; readonly start: number; readonly end: number };

/** Functions that were called at least so often in a window. */
export function calledOften(window: Window, count: number): Calls[] {
  return sumOf(window).filter((calls) => calls.count >= count);
}

/** Functions that were called more often in each window with the action than in any without it. */
export function calledMore(with_: readonly Window[], without: readonly Window[]): Calls[] {
  const [some, none] = [with_.map(countsOf), without.map(countsOf)];
  return sumOf(with_.flat()).filter((calls) => {
    const most = Math.max(...none.map((counts) => counts.get(keyOf(calls)) ?? 0));
    return some.every((counts) => (counts.get(keyOf(calls)) ?? 0) > most);
  });
}

/** @param root of the tree whose server it was */
export function walkOf(root: string, called: readonly Calls[]): Walk {
  const byFile = Map.groupBy(called, ({ file }) => file);
  const files = [...byFile.keys()].sort();
  return { files, passingOn: files.filter((file) => onlyPassesOn(root, file, byFile.get(file) ?? [])) };
}

function sumOf(window: Window): Calls[] {
  const counts = countsOf(window);
  return [...new Map(window.map((calls) => [keyOf(calls), calls])).entries()].map(([key, calls]) => ({
    ...calls,
    count: counts.get(key) ?? 0,
  }));
}

function countsOf(window: Window): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const calls of window) counts.set(keyOf(calls), (counts.get(keyOf(calls)) ?? 0) + calls.count);
  return counts;
}

function keyOf({ file, start, end }: Calls): string {
  return `${file}:${start}-${end}`;
}

/** Whether each function that ran is one call with what it was given. */
function onlyPassesOn(root: string, file: string, called: readonly Calls[]): boolean {
  const text = readFileSync(join(root, file), "utf8");
  const functions = [...nodesIn(parseSync(file, text).program)].filter(({ type }) => /Function/.test(type));
  return called.every(({ start, end }) => {
    // V8 counts a method from its name on, and a function from its first word or parameter on: all end where the syntax says.
    const found = functions.filter((one) => one.end === end && one.start >= start).toSorted((a, b) => a.start - b.start)[0];
    return found !== undefined && isOneCall(found);
  });
}

function isOneCall(node: SyntaxNode): boolean {
  const body = child(node, "body");
  const statements = body?.type === "BlockStatement" ? children(body, "body") : [];
  if (body?.type === "BlockStatement" && statements.length !== 1) return false;
  const [only] = statements;
  const said = only === undefined ? body : (child(only, "argument") ?? child(only, "expression"));
  const call = said?.type === "AwaitExpression" || said?.type === "UnaryExpression" ? child(said, "argument") : said;
  return (
    call?.type === "CallExpression" &&
    children(call, "arguments").every(({ type }) => type === "Identifier" || type === "SpreadElement")
  );
}

function child(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const value: unknown = Object.entries(node).find(([key]) => key === name)?.[1];
  return isNode(value) ? value : undefined;
}

function children(node: SyntaxNode, name: string): SyntaxNode[] {
  const value: unknown = Object.entries(node).find(([key]) => key === name)?.[1];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function* nodesIn(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) for (const one of value) yield* nodesIn(one);
  if (!isNode(value)) return;
  yield value;
  for (const one of Object.values(value)) yield* nodesIn(one);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;
}

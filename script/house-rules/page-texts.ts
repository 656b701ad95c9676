/**
 * Finds, page by page, texts that the code asks for and the page does not have, texts that no page asks for, and texts that only one
 * language has. `tsc` knows the texts of all pages together; which of them a page loads is known from its imports alone.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSyntaxNode, lineAt, ROOT, type Source, type SyntaxNode } from "./sources.ts";

const PAGES = "packages/web";
/** What gives a page its texts, `i18n.ts`. */
const [INIT, ADD] = ["initTranslations", "addTranslations"];
/** Files that list texts. */
const MESSAGES = /(?:\/messages|\/messages\/[^/]+)\.ts$/;
const PLURAL = /_(?:zero|one|two|few|many|other)$/;
const LANGUAGES = ["en", "zh-CN"];

type Catalogue = { readonly name: string; readonly texts: ReadonlyMap<string, readonly string[]> };
type Asked = { readonly file: string; readonly line: number; readonly key: string };
/** What a file says of texts: what it adds, what it surely asks for, and its strings and templates, any of which may be asked for somewhere. */
type FileTexts = {
  readonly inits: boolean;
  readonly adds: readonly { readonly name: string; readonly file: string }[];
  readonly asks: readonly Asked[];
  readonly strings: readonly string[];
  readonly templates: readonly RegExp[];
};

export async function findTextErrors(sources: readonly Source[]): Promise<string[]> {
  const files = new Map(
    sources.filter(({ path, isTest }) => path.startsWith(`${PAGES}/src/`) && !isTest).map((source) => [source.path, source]),
  );
  const read = new Map([...files].map(([path, source]) => [path, textsOf(source)]));
  const catalogues = await loadCatalogues([...read.values()].flatMap(({ adds }) => adds));
  const missing = new Set<string>();
  const used = new Set<string>();
  for (const page of pageEntries()) {
    const reached = [...reachedFrom(page.entry, files)].flatMap((path) => read.get(path) ?? []);
    // The start and the offline page read their texts as properties, which `tsc` checks. What they only fetch ahead is not shown there.
    if (!reached.some(({ inits }) => inits)) continue;
    const own = reached.flatMap(({ adds }) => adds.flatMap(({ name, file }) => catalogues.get(`${file} ${name}`) ?? []));
    const keys = new Set(own.flatMap(({ texts }) => [...texts.keys()]));
    for (const { file, line, key } of reached.flatMap(({ asks }) => asks))
      if (!keys.has(key)) missing.add(`${file}:${line}: asks for "${key}", which is no text of ${page.name}`);
    const strings = new Set(reached.flatMap((one) => one.strings));
    const templates = reached.flatMap((one) => one.templates);
    for (const key of keys) if (strings.has(key) || templates.some((template) => template.test(key))) used.add(key);
  }
  return [
    ...missing,
    ...[...catalogues.values()].flatMap(({ name, texts }) =>
      [...texts].flatMap(([key, languages]) => [
        ...(used.has(key) ? [] : [`${name}: no page asks for "${key}"`]),
        ...(languages.length === LANGUAGES.length ? [] : [`${name}: "${key}" is only in ${languages.join()}`]),
      ]),
    ),
  ];
}

/** Each page with the file that its HTML loads. */
function pageEntries(): { readonly name: string; readonly entry: string }[] {
  return globSync("*.html", { cwd: join(ROOT, PAGES) }).flatMap((name) => {
    const [, script] = /src="\/(src\/[^"]+\.tsx?)"/.exec(readFileSync(join(ROOT, PAGES, name), "utf8")) ?? [];
    return script === undefined ? [] : [{ name, entry: `${PAGES}/${script}` }];
  });
}

/** All files that a page loads, at once or later. Types are not loaded. */
function reachedFrom(entry: string, files: ReadonlyMap<string, Source>): ReadonlySet<string> {
  const reached = new Set<string>([entry]);
  for (const path of reached) {
    const source = files.get(path);
    const lines = source?.text.split("\n") ?? [];
    for (const { target, line } of source?.imports ?? [])
      if (target !== null && files.has(target) && !/^(?:import|export) type /.test(lines[line - 1] ?? "")) reached.add(target);
  }
  return reached;
}

async function loadCatalogues(adds: FileTexts["adds"]): Promise<ReadonlyMap<string, Catalogue>> {
  const catalogues = new Map<string, Catalogue>();
  for (const { name, file } of adds) {
    const module = (await import(join(ROOT, file))) as Readonly<Record<string, Readonly<Record<string, object>>>>;
    if (module[name] === undefined) continue;
    const texts = new Map<string, string[]>();
    for (const language of LANGUAGES)
      for (const key of new Set(keysIn(module[name]?.[language] ?? {}))) texts.set(key, [...(texts.get(key) ?? []), language]);
    catalogues.set(`${file} ${name}`, { name: `${file}: ${name}`, texts });
  }
  return catalogues;
}

function keysIn(texts: object, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]) =>
    typeof text === "object" && text !== null ? keysIn(text, `${prefix}${name}.`) : [(prefix + name).replace(PLURAL, "")],
  );
}

function textsOf({ path, text, program, imports }: Source): FileTexts {
  const nodes = [...nodesIn(program)];
  const calls = nodes.filter(({ type }) => type === "CallExpression");
  const adds = calls.flatMap((call) => {
    const [argument] = argumentsOf(call);
    if (![INIT, ADD].includes(nameOf(childOf(call, "callee"))) || argument?.type !== "Identifier") return [];
    const name = nameOf(argument);
    return imports.flatMap(({ target }) => (target !== null && MESSAGES.test(target) ? [{ name, file: target }] : []));
  });
  const asked = calls.filter((call) => nameOf(childOf(call, "callee")) === "t").flatMap((call) => argumentsOf(call).slice(0, 1));
  const strings = nodes.flatMap((node) => stringOf(node) ?? []);
  const templates = nodes.flatMap((node) => templateOf(node) ?? []);
  const asks = asked.flatMap(certainKeys).flatMap((node) => {
    const key = stringOf(node);
    return key === null ? [] : [{ file: path, line: lineAt(text, node.start), key }];
  });
  const inits = calls.some((call) => nameOf(childOf(call, "callee")) === INIT);
  return { inits, adds, asks, strings, templates };
}

/** What an expression surely comes to: of a choice both sides, of a list its last. */
function certainKeys(node: SyntaxNode): SyntaxNode[] {
  if (node.type === "ConditionalExpression") return [childOf(node, "consequent"), childOf(node, "alternate")].flatMap(certainKeys);
  if (node.type === "LogicalExpression") return [childOf(node, "right")].flatMap(certainKeys);
  if (node.type === "ArrayExpression" && "elements" in node && Array.isArray(node.elements))
    return node.elements.slice(-1).filter(isSyntaxNode).flatMap(certainKeys);
  return [node];
}

function stringOf(node: SyntaxNode): string | null {
  return node.type === "Literal" && "value" in node && typeof node.value === "string" ? node.value : null;
}

/** A template with values in it, as an expression that its texts match. One with too few letters of its own says too little. */
function templateOf(node: SyntaxNode): RegExp | null {
  if (node.type !== "TemplateLiteral" || !("quasis" in node) || !Array.isArray(node.quasis)) return null;
  const fixed = node.quasis.map((quasi: { value: { raw: string } }) => quasi.value.raw);
  if (fixed.join("").length < 4 || !fixed.every((part) => /^[\w.-]*$/.test(part))) return null;
  return new RegExp(`^${fixed.map((part) => part.replaceAll(".", "\\.")).join(".+")}$`);
}

function childOf(node: SyntaxNode, name: string): SyntaxNode {
  const child: unknown = Object.entries(node).find(([key]) => key === name)?.[1];
  return isSyntaxNode(child) ? child : { type: "None", start: node.start, end: node.end };
}

function nameOf(node: SyntaxNode): string {
  return node.type === "Identifier" && "name" in node && typeof node.name === "string" ? node.name : "";
}

function argumentsOf(call: SyntaxNode): SyntaxNode[] {
  return "arguments" in call && Array.isArray(call.arguments) ? call.arguments.filter(isSyntaxNode) : [];
}

function* nodesIn(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) for (const one of value) yield* nodesIn(one);
  if (!isSyntaxNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesIn(child);
}

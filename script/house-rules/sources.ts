/** Reads and parses the project's TypeScript sources once for all house rules. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type ParseResult, parseSync } from "oxc-parser";

export const ROOT = resolve(import.meta.dirname, "../..");
const FOLDERS = ["packages", "bench", "e2e", "script"];
const SKIPPED = ["node_modules", "dist", "fixtures"];

/** One import of another file: static, dynamic, or of types only. `target` is null for a package. */
export type Import = {
  readonly specifier: string;
  readonly target: string | null;
  readonly dynamic: boolean;
  readonly line: number;
};

export type Source = {
  /** Path from the repository's root. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  /** Written by a program. */
  readonly isGenerated: boolean;
  readonly imports: readonly Import[];
  readonly program: ParseResult["program"];
  readonly comments: ParseResult["comments"];
};

export function readSources(): Source[] {
  return FOLDERS.flatMap((folder) => paths(join(ROOT, folder))).map(readSource);
}

/** A node of a syntax tree. */
export type SyntaxNode = { readonly type: string; readonly start: number; readonly end: number };

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;
}

/** The number of the line at an offset, from 1 on. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function readSource(file: string): Source {
  const text = readFileSync(file, "utf8");
  const path = relative(ROOT, file);
  const parsed = parseSync(file, text);
  const { comments, module, errors } = parsed;
  const [error] = errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  const found = [
    ...module.staticImports.map(({ moduleRequest, start }) => ({ specifier: moduleRequest.value, start, dynamic: false })),
    ...module.staticExports.flatMap(({ entries, start }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [{ specifier: moduleRequest.value, start, dynamic: false }] : [])),
    ),
    ...module.dynamicImports.map(({ moduleRequest, start }) => ({
      specifier: text.slice(moduleRequest.start, moduleRequest.end).replace(/^["'`]|["'`]$/g, ""),
      start,
      dynamic: true,
    })),
  ];
  return {
    path,
    text,
    isTest: /(?:\.test\.tsx?$)|(?:\/test-[^/]+\.ts$)|(?:^packages\/media\/test\/)/.test(path),
    isGenerated: /^\/\*\*[^\n]* (?:Made|Generated) by `/.test(text),
    imports: found.map(({ specifier, start, dynamic }) => ({
      specifier,
      target: specifier.startsWith(".") ? relative(ROOT, resolve(dirname(file), specifier)) : null,
      dynamic,
      line: lineAt(text, start),
    })),
    // To make the objects of a tree is most of what a file costs, and many look at imports only.
    get program() {
      return parsed.program;
    },
    comments,
  };
}

function paths(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.includes(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? paths(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

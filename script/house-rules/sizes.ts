/** Finds functions and files that are too long to be read at once. */
import { lineAt, type Source } from "./sources.ts";

const MAX_FUNCTION_LINES = 100;
const MAX_FILE_LINES = 450;
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** A line for each. The body of a test may be as long as what it tells; what a program has written is read by programs. */
export function findLong(sources: readonly Source[]): string[] {
  return sources
    .filter(({ isTest, isGenerated }) => !isTest && !isGenerated)
    .flatMap((source) => {
      const lines = source.text.split("\n").length - 1;
      const tooLong = lines > MAX_FILE_LINES ? [`${source.path}: ${lines} lines; does it hold one thing?`] : [];
      return [...tooLong, ...longFunctions(source)];
    });
}

function longFunctions({ path, text, program }: Source): string[] {
  const found: string[] = [];
  const visit = (node: unknown, name: string): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, name);
      return;
    }
    if (!isNode(node)) return;
    const own = nameOf(node) ?? name;
    if (FUNCTIONS.has(node.type)) {
      const [first, last] = [lineAt(text, node.start), lineAt(text, node.end)];
      if (last - first + 1 > MAX_FUNCTION_LINES) found.push(`${path}:${first}: ${own} has ${last - first + 1} lines`);
    }
    for (const [key, value] of Object.entries(node)) if (key !== "parent" && typeof value === "object") visit(value, own);
  };
  visit(program.body, "a function");
  return found;
}

type Node = { readonly type: string; readonly start: number; readonly end: number };

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;
}

/** What a declaration, a property or a method is called. */
function nameOf(node: object): string | null {
  const named = "id" in node ? node.id : "key" in node ? node.key : null;
  return typeof named === "object" && named !== null && "name" in named && typeof named.name === "string" ? named.name : null;
}

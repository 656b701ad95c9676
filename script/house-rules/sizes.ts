/** Finds functions and files that are too long to be read at once. */
import { isSyntaxNode, lineAt, type Source } from "./sources.ts";

const MAX_FUNCTION_LINES = 80;
const MAX_FILE_LINES = 400;
/** Where its first comment, or the one before the function, gives the reason, after these words. */
const REASON = /\bLong because\b/;
const MAX_WITH_REASON = { functionLines: 100, fileLines: 450 } as const;
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** A line for each. The body of a test may be as long as what it tells; what a program has written is read by programs. */
export function findLong(sources: readonly Source[]): string[] {
  return sources
    .filter(({ isTest, isGenerated }) => !isTest && !isGenerated)
    .flatMap((source) => {
      const lines = source.text.split("\n").length - 1;
      const most = hasReason(source, 0) ? MAX_WITH_REASON.fileLines : MAX_FILE_LINES;
      const tooLong = lines > most ? [`${source.path}: ${lines} lines; does it hold one thing?`] : [];
      return [...tooLong, ...longFunctions(source)];
    });
}

function longFunctions(source: Source): string[] {
  const { path, text, program } = source;
  const found: string[] = [];
  const visit = (node: unknown, name: string): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, name);
      return;
    }
    if (!isSyntaxNode(node)) return;
    const own = nameOf(node) ?? name;
    if (FUNCTIONS.has(node.type)) {
      const [first, last] = [lineAt(text, node.start), lineAt(text, node.end)];
      const most = hasReason(source, node.start) ? MAX_WITH_REASON.functionLines : MAX_FUNCTION_LINES;
      if (last - first + 1 > most) found.push(`${path}:${first}: ${own} has ${last - first + 1} lines`);
    }
    for (const [key, value] of Object.entries(node)) if (key !== "parent" && typeof value === "object") visit(value, own);
  };
  visit(program.body, "a function");
  return found;
}

/** Whether the comment before a place says why what stands there is long; at 0, the file's first one. */
function hasReason({ text, comments }: Source, at: number): boolean {
  const before = at === 0 ? comments[0] : comments.findLast(({ end }) => end <= at);
  const isBeside = before && (at === 0 || /^\s*(?:export )?$/.test(text.slice(before.end, at)));
  return isBeside === true && REASON.test(before.value);
}

/** What a declaration, a property or a method is called. */
function nameOf(node: object): string | null {
  const named = "id" in node ? node.id : "key" in node ? node.key : null;
  return typeof named === "object" && named !== null && "name" in named && typeof named.name === "string" ? named.name : null;
}

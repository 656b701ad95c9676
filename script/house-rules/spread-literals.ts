/** Finds object literals that are spread into another one: a way to put several properties on one line, which a reader has to take apart again. */
import { isSyntaxNode, lineAt, type Source } from "./sources.ts";

export function findSpreadLiterals(sources: readonly Source[]): string[] {
  return sources
    .filter(({ isGenerated }) => !isGenerated)
    .flatMap(({ path, text, program }) =>
      spreadLiterals(program).map((start) => `${path}:${lineAt(text, start)}: spreads a literal; write its properties`),
    );
}

function spreadLiterals(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(spreadLiterals);
  if (!isSyntaxNode(value)) return [];
  const inside = Object.values(value).flatMap(spreadLiterals);
  if (value.type !== "ObjectExpression" || !("properties" in value) || !Array.isArray(value.properties)) return inside;
  return [...value.properties.filter(isSpreadLiteral).map(({ start }) => start), ...inside];
}

function isSpreadLiteral(value: unknown): boolean {
  if (!isSyntaxNode(value) || value.type !== "SpreadElement" || !("argument" in value)) return false;
  return isSyntaxNode(value.argument) && value.argument.type === "ObjectExpression";
}

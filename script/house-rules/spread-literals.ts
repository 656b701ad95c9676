/** Finds object literals that are spread into another one: a way to put several properties on one line, which a reader has to take apart again. */
import { lineAt, type Source } from "./sources.ts";

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

export function findSpreadLiterals(sources: readonly Source[]): string[] {
  return sources
    .filter(({ isGenerated }) => !isGenerated)
    .flatMap(({ path, text, program }) =>
      spreadLiterals(program).map((start) => `${path}:${lineAt(text, start)}: spreads a literal; write its properties`),
    );
}

function spreadLiterals(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(spreadLiterals);
  if (!isNode(value)) return [];
  const inside = Object.values(value).flatMap(spreadLiterals);
  if (value.type !== "ObjectExpression" || !Array.isArray(value["properties"])) return inside;
  const found = value["properties"].filter(
    (property) => isNode(property) && property.type === "SpreadElement" && isLiteral(property["argument"]),
  );
  return [...found.map(({ start }) => start), ...inside];
}

function isLiteral(value: unknown): boolean {
  return isNode(value) && value.type === "ObjectExpression";
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

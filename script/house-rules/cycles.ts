/** Finds import cycles, between files, between folders and between the parts of the pages: strongly connected components (Tarjan, 1972). */
import { dirname } from "node:path";
import type { Source } from "./sources.ts";

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const PAGES = "packages/web/src/";

/** A line for each cycle. Tests may stand on both sides of one. */
export function findCycles(all: readonly Source[]): string[] {
  const sources = all.filter(({ isTest }) => !isTest);
  const ofFiles = components(graphOf(sources, (path) => path));
  const ofFolders = components(graphOf(sources, dirname));
  // With all that is below them: the class has folders in it that the board does not know, and the other way round.
  const ofParts = components(graphOf(sources, partOfPages)).filter((cycle) => cycle.every((part) => part.startsWith(PAGES)));
  return [
    ...ofFiles.map((cycle) => `import cycle between files: ${cycle.join(", ")}`),
    ...ofFolders.map((cycle) => `import cycle between folders: ${cycle.join(", ")}${importsWithin(cycle, sources, dirname)}`),
    ...ofParts.map(
      (cycle) => `import cycle between parts of the pages: ${cycle.join(", ")}${importsWithin(cycle, sources, partOfPages)}`,
    ),
  ];
}

/** `packages/web/src/class` for all files of the class; the folder for files that are not of a page. */
function partOfPages(path: string): string {
  const [part] = path.startsWith(PAGES) ? path.slice(PAGES.length).split("/", 1) : [];
  return part === undefined ? dirname(path) : PAGES + part;
}

function graphOf(sources: readonly Source[], nodeOf: (path: string) => string): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    const from = nodeOf(path);
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const { target } of imports) if (target !== null && nodeOf(target) !== from) targets.add(nodeOf(target));
  }
  return graph;
}

/** The groups of more than one node in which each can be reached from each. */
function components(graph: Graph): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): void => {
    const own = index.size;
    index.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? own, low.get(next) ?? own));
    }
    if (low.get(node) !== own) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1) found.push(component.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

/** The imports that make a cycle of nodes, a line each; those of the direction with fewer of them come first. */
function importsWithin(cycle: readonly string[], sources: readonly Source[], nodeOf: (path: string) => string): string {
  const lines = sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ target }) => {
      if (target === null) return [];
      const [from, to] = [nodeOf(path), nodeOf(target)];
      return from !== to && cycle.includes(from) && cycle.includes(to) ? [{ pair: `${from} → ${to}`, path, target }] : [];
    }),
  );
  const groups = [...Map.groupBy(lines, ({ pair }) => pair).values()].sort((a, b) => a.length - b.length);
  return groups.flatMap((group) => [...new Set(group.map(({ path, target }) => `\n    ${path} → ${target}`))].slice(0, 3)).join("");
}

/** What the build makes of the board: a viewer who draws nothing loads no tools, and nobody loads the typesetter before the first formula. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

type Chunk = { readonly file: string; readonly imports?: readonly string[]; readonly dynamicImports?: readonly string[] };

const DIST = join(import.meta.dirname, "../../dist");
const manifest: Readonly<Record<string, Chunk>> = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));
/** A file that several pages load is a chunk with a name of its own. */
const VIEWER = Object.keys(manifest).find((key) => /(?:\/stage-board\.tsx|^_stage-board-[\w-]+\.js)$/.test(key)) ?? "";
/** Of the tools, the teacher's board, and MathJax. */
const MARKS = { tools: "draw-surface", teacher: "page-strip", typesetter: "mjx-container" } as const;

/** All that is loaded with it. */
function loadedWith(key: string, found = new Set<string>()): Set<string> {
  if (found.has(key)) return found;
  found.add(key);
  for (const one of manifest[key]?.imports ?? []) loadedWith(one, found);
  return found;
}

function textOf(keys: Iterable<string>): string {
  return [...keys].map((key) => readFileSync(join(DIST, manifest[key]?.file ?? ""), "utf8")).join("");
}

const marksIn = (text: string) => Object.entries(MARKS).flatMap(([name, mark]) => (text.includes(mark) ? [name] : []));

test("the pages of a class load the board later, and a viewer's board has no tools in it", () => {
  for (const page of ["class.html", "watch.html"]) {
    const first = loadedWith(page);
    assert.ok(!first.has(VIEWER), page);
    assert.deepEqual(marksIn(textOf(first)), [], page);
  }
  const viewer = loadedWith(VIEWER);
  assert.match(textOf(viewer), /board-layer/);
  assert.deepEqual(marksIn(textOf(viewer)), []);
});

test("the tools are loaded by themselves, the typesetter after them", () => {
  const later = manifest[VIEWER]?.dynamicImports ?? [];
  const marks = later.map((key) => marksIn(textOf(loadedWith(key)))).toSorted();
  assert.deepEqual(marks, [["teacher"], ["tools"]]);
  assert.ok(marksIn(textOf(["src/board/drawing/formula/typeset.ts"])).includes("typesetter"));
});

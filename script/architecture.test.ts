/** The drawing in docs/architecture.md, "Data flow", shows the imports between the folders of the server: each one, and no other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, readSources } from "./house-rules/sources.ts";

const SERVER = "packages/server/src/";
const DOCUMENT = "docs/architecture.md";
const SECTION = /^## Data flow$([\s\S]*?)^## /m;
/** `folder → folder, folder` */
const ARROWS = /^ *([a-z][\w/-]*) +→ +([a-z][\w/, -]*)$/gm;

test("the drawing of the data flow shows exactly the imports between folders", () => {
  const drawn = drawnArrows();
  const real = importedArrows();
  assert.ok(drawn.size > 20, `${DOCUMENT} has no drawing`);
  assert.deepEqual(
    { "imported, not drawn": missing(real, drawn), "drawn, not imported": missing(drawn, real) },
    { "imported, not drawn": [], "drawn, not imported": [] },
  );
});

function drawnArrows(): Set<string> {
  const [, section = ""] = SECTION.exec(readFileSync(join(ROOT, DOCUMENT), "utf8")) ?? [];
  return new Set(
    [...section.matchAll(ARROWS)].flatMap(([, from = "", targets = ""]) =>
      targets.split(",").map((target) => `${from} → ${target.trim()}`),
    ),
  );
}

function importedArrows(): Set<string> {
  const arrows = new Set<string>();
  for (const { path, imports, isTest } of readSources()) {
    if (!path.startsWith(SERVER) || isTest) continue;
    for (const { target } of imports) {
      if (!target?.startsWith(SERVER)) continue;
      const [from, to] = [folderOf(path), folderOf(target)];
      if (from !== to) arrows.add(`${from} → ${to}`);
    }
  }
  return arrows;
}

/** The top folder of a file of the server; below `live/`, where the protocols are, the folder in it. `main.ts` is `main`. */
function folderOf(path: string): string {
  const [top = "", second = "", third] = path.slice(SERVER.length).split("/");
  if (second === "") return "main";
  return top === "live" && third !== undefined ? `${top}/${second}` : top;
}

function missing(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((arrow) => !others.has(arrow)).sort();
}

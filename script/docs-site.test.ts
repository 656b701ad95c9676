/** Every document is in the site, where its readers look for it. */
import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CHINESE_WAYS, WAYS } from "../docs/site/ways.ts";

const DOCUMENTS = join(import.meta.dirname, "../docs");
const listed = WAYS.flatMap(({ groups }) => groups.flatMap(({ pages }) => pages));
const chinese = CHINESE_WAYS.flatMap(({ groups }) => groups.flatMap(({ pages }) => pages));

test("each document stands once in the four ways", () => {
  const there = globSync(["*.md", "architecture/*.md"], { cwd: DOCUMENTS }).map((name) => name.replace(/\.md$/, ""));
  assert.deepEqual([...listed, "index"].sort(), [...there, "decisions/", "reference/"].sort());
});

test("each Chinese document stands in the Chinese ways, which lead nowhere else", () => {
  const there = globSync("zh/*.md", { cwd: DOCUMENTS }).map((name) => name.replace(/\.md$/, ""));
  assert.deepEqual(
    chinese
      .filter((page) => page.startsWith("zh/"))
      .concat("zh/index")
      .sort(),
    there.sort(),
  );
  for (const page of chinese) assert.ok(existsSync(join(DOCUMENTS, `${page}.md`)), page);
});

/** The rule against markup that is made of texts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSync } from "oxc-parser";
import { findMarkup } from "./house-rules/markup.ts";

function linesFound(path: string, text: string): number[] {
  const { program, comments } = parseSync(path, text);
  const source = { path, text, isTest: path.includes(".test."), isGenerated: false, imports: [], program, comments };
  return findMarkup([source]).map((mistake) => Number(mistake.split(":")[1]));
}

test("code of pages makes no markup and no program of a text, and may speak of it in comments", () => {
  const text = [
    "a.innerHTML = b;",
    "const c = <p dangerouslySetInnerHTML={d} />;",
    "// innerHTML",
    "e.textContent = f;",
    "eval(g);",
  ].join("\n");
  assert.deepEqual(linesFound("packages/web/src/a.tsx", text), [1, 2, 5]);
  assert.deepEqual(linesFound("packages/server/src/a.tsx", text), []);
});

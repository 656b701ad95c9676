import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSync } from "oxc-parser";
import { findDeviceClocks } from "./house-rules/device-clock.ts";

function linesFound(path: string, text: string): number[] {
  const { program, comments } = parseSync(path, text);
  const source = { path, text, isTest: path.includes(".test."), isGenerated: false, imports: [], program, comments };
  return findDeviceClocks([source]).map((mistake) => Number(mistake.split(":")[1]));
}

test("pages and the player do not read the device's clock, in any spelling", () => {
  const text = ["const a = Date.now();", "const b = { now: Date.now };", "const c = new Date();", "const d = String(Date());"].join(
    "\n",
  );
  for (const path of ["packages/web/src/a.ts", "packages/player/src/b.tsx"]) assert.deepEqual(linesFound(path, text), [1, 2, 3, 4]);
  assert.deepEqual(linesFound("packages/web/src/a.ts", 'import { DateTime } from "luxon";\nnew Date;'), [1, 2]);
});

test("a given time, a comment, a type, tests, servers and the clock itself are none of it", () => {
  assert.deepEqual(
    linesFound("packages/web/src/a.ts", '// Date.now()\nnew Date(at);\nDate.parse(at);\nimport type { DateTime } from "luxon";'),
    [],
  );
  for (const path of ["packages/web/src/a.test.ts", "packages/server/src/a.ts", "packages/player/src/clock/server-clock.ts"])
    assert.deepEqual(linesFound(path, "Date.now();"), []);
});

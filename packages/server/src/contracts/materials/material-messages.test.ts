import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MATERIAL_NOTICES, MATERIAL_PROBLEMS } from "./material-messages.ts";

test("docs/errors.md names every problem and every notice of materials, and no other", () => {
  const text = readFileSync(new URL("../../../../../docs/errors.md", import.meta.url), "utf8");
  const [, section = ""] = text.split("## Problems of materials");
  const named = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `([a-z-]+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code);
  assert.deepEqual(named, [...MATERIAL_PROBLEMS, ...MATERIAL_NOTICES]);
});

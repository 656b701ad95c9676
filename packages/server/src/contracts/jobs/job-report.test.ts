import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JOB_PROBLEMS } from "./job-report.ts";

test("docs/errors.md names every problem of jobs, and no other", () => {
  const text = readFileSync(new URL("../../../../../docs/errors.md", import.meta.url), "utf8");
  const [, section = ""] = text.split("## Problems of jobs");
  const named = [...section.matchAll(/^\| `([a-z-]+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code);
  assert.deepEqual(named, [...JOB_PROBLEMS]);
});

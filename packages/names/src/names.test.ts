import assert from "node:assert/strict";
import { test } from "node:test";
import { ALARM_NAMES, METRIC_NAMES, SEVERITY_NAMES } from "./index.ts";

for (const [what, names] of Object.entries({ alarms: ALARM_NAMES, metrics: METRIC_NAMES, severities: SEVERITY_NAMES }))
  test(`${what}: both languages name the same things in the same order, and no name stands twice`, () => {
    assert.deepEqual(Object.keys(names["zh-CN"]), Object.keys(names.en));
    for (const chinese of Object.values(names["zh-CN"])) assert.match(chinese, /\p{Script=Han}/u);
    if (what !== "metrics")
      for (const one of Object.values(names)) assert.equal(new Set(Object.values(one)).size, Object.keys(one).length);
  });

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alarm } from "@lectern/client";
import { groupAlarms, isUrgent, urgentFirst } from "./alarm-groups.ts";

const START = Date.parse("2026-03-02T09:00:00Z");
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();

function alarm(minute: number, fields: Partial<Alarm> = {}): Alarm {
  return {
    id: String(1000 + minute * 10 + (fields.subject?.length ?? 0)),
    schoolId: null,
    code: "link-lossy",
    severity: "warning",
    subject: "n1>n2",
    detail: "",
    ruleId: "r",
    ruleName: null,
    lessonId: null,
    lessonTitle: null,
    raisedAt: at(minute),
    clearedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    ...fields,
  };
}
const sizes = (alarms: readonly Alarm[]) => groupAlarms(alarms).map((group) => group.alarms.length);

test("alarms of one rule that began together are one group, of other rules and severities others", () => {
  const storm = Array.from({ length: 21 }, (_, i) => alarm(0, { subject: `n${i}>m` }));
  const other = alarm(0, { code: "node-gone", severity: "critical", ruleId: null, subject: "n9" });
  assert.deepEqual(sizes([...storm, other]), [21, 1]);
});

test("what comes and goes is one group with one subject, as long as less than half an hour is between", () => {
  const flapping = [60, 40, 20, 0].map((minute) => alarm(minute, { clearedAt: at(minute + 10) }));
  const [group, ...others] = groupAlarms([alarm(100), ...flapping]).slice(1);
  assert.deepEqual(others, []);
  assert.deepEqual([group?.alarms.length, group?.subjects.length], [4, 1]);
  assert.deepEqual([group?.raisedAt, group?.clearedAt, group?.openCount], [at(0), at(70), 0]);
});

test("a group is open as long as one of its alarms is, and keeps its key when more come", () => {
  const before = groupAlarms([alarm(5, { clearedAt: at(6) }), alarm(0)]);
  const later = groupAlarms([alarm(9, { acknowledgedAt: at(9) }), alarm(5, { clearedAt: at(6) }), alarm(0)]);
  assert.deepEqual([before[0]?.clearedAt, before[0]?.openCount], [null, 1]);
  assert.equal(later[0]?.key, before[0]?.key);
  assert.deepEqual([later[0]?.openCount, later[0]?.unacknowledged.length], [2, 2]);
});

test("critical alarms that are open and that nobody has acknowledged come first", () => {
  const critical = { code: "node-gone", severity: "critical", ruleId: null } as const;
  const groups = urgentFirst(
    groupAlarms([
      alarm(9),
      alarm(8, { ...critical, code: "disk-full", acknowledgedAt: at(9) }),
      alarm(7, { ...critical, code: "memory-full", clearedAt: at(8) }),
      alarm(6, critical),
    ]),
  );
  assert.deepEqual(
    groups.map(({ newest }) => newest.code),
    ["node-gone", "link-lossy", "disk-full", "memory-full"],
  );
  assert.deepEqual(groups.map(isUrgent), [true, false, false, false]);
});

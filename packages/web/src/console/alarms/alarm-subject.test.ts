import assert from "node:assert/strict";
import { test } from "node:test";
import { alarmSubject, shownDetail } from "./alarm-subject.ts";

test("each form of a subject is read", () => {
  const of = (subject: string) => alarmSubject(subject, "23 in all");
  assert.deepEqual(of(""), { kind: "platform" });
  assert.deepEqual(of("*"), { kind: "more", count: 23 });
  assert.deepEqual(of("edge-1.bj"), { kind: "node", node: "edge-1.bj" });
  assert.deepEqual(of("n1>n2"), { kind: "link", from: "n1", to: "n2" });
  assert.deepEqual(of("n1<n2 live/math"), { kind: "hop", node: "n1", from: "n2", stream: "live/math" });
  assert.deepEqual(of("live/math"), { kind: "stream", stream: "live/math" });
  assert.deepEqual(of("n1 database"), { kind: "component", node: "n1", component: "database" });
  assert.deepEqual(of("n1>dispatch live/math"), { kind: "probe", node: "n1", via: "dispatch", stream: "live/math" });
  assert.deepEqual(of("01kb2q8x9v0000000000000000"), { kind: "id", id: "01kb2q8x9v0000000000000000" });
});

test("of a rule's alarm only the value is shown, of another one what the server says", () => {
  const of = (detail: string, ruleId: string | null = "r", subject = "n1") => shownDetail({ ruleId, subject, detail });
  assert.equal(of("exit bandwidth in use 95.5 %"), "95.5 %");
  assert.equal(of("process_cpu_media-1 0.42"), "0.42");
  assert.equal(of("drift a minute -12 ms"), "-12 ms");
  assert.equal(of(""), "");
  assert.equal(of("23 in all", "r", "*"), "");
  assert.equal(of("disk quota exceeded", null), "disk quota exceeded");
});

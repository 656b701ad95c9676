/** RFC 5424 and CEF, with values that try to end a field, a message or a line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExportedEntry } from "./exported-entry.ts";
import { syslogMessage } from "./syslog-message.ts";

const SENDER = { host: "school 1", version: "1.2.3" };
const ENTRY: ExportedEntry = {
  id: "0123456789abcdefghjkmnpqrs",
  school_id: "school",
  at: new Date(Date.UTC(2026, 10, 30, 12, 0, 0, 7)),
  actor_kind: "user",
  actor_id: "teacher",
  actor_name: "王芳",
  ip: "192.0.2.7",
  action: "user.change",
  target_kind: "user",
  target_id: "pupil",
  before: null,
  after: { name: "Mei" },
};
/** Ends a parameter, an element, a head field, an extension, a line and a frame; with a lone surrogate. */
const HOSTILE = 'a"] <14>1 - | CEF:0|x=y\\\n12 <13>1\r\u2028\u0000\u0085\ud800';

const textOf = (entry: Partial<ExportedEntry>, format: "rfc5424" | "cef" | "json") =>
  syslogMessage({ ...ENTRY, ...entry }, format, SENDER).toString();

test("a message of RFC 5424 has its head, its structured data, and a sentence in UTF-8 behind the mark", () => {
  assert.equal(
    textOf({}, "rfc5424"),
    '<109>1 2026-11-30T12:00:00.007Z school_1 lectern - user.change [lectern@32473 id="0123456789abcdefghjkmnpqrs" school="school"' +
      ' actorKind="user" actorId="teacher" actorName="王芳" ip="192.0.2.7" action="user.change" targetKind="user" targetId="pupil"' +
      ' after="{\\"name\\":\\"Mei\\"}"] \uFEFF王芳: user.change user pupil',
  );
  assert.match(textOf({ action: "read.people" }, "rfc5424"), /^<110>1 .* read\.people \[/);
});

test("what somebody has entered ends no parameter, no element and no line", () => {
  const text = textOf({ actor_name: HOSTILE }, "rfc5424");
  assert.ok(!/[\p{Cc}\u2028]/u.test(text));
  const value = /actorName="((?:[^"\\\]]|\\["\\\]])*)"/.exec(text)?.[1];
  assert.equal(value?.replace(/\\(["\\\]])/g, "$1"), 'a"] <14>1 - | CEF:0|x=y\\ 12 <13>1    \ufffd');
});

test("the fields of CEF are escaped each in its way, and an IPv6 address has the field of its own", () => {
  const text = textOf({ actor_name: HOSTILE, action: "user|x\\\n", ip: "2001:db8::7" }, "cef");
  const cef = text.slice(text.indexOf("CEF:0|"));
  assert.match(text, /^<109>1 \S+ school_1 lectern - user\|x\\_ - CEF:0\|/);
  assert.match(cef, /^CEF:0\|Lectern\|Lectern\|1\.2\.3\|user\\\|x\\\\ \|user\\\|x\\\\ \|5\|rt=1796040000007 /);
  assert.ok(cef.includes('suser=a"] <14>1 - | CEF:0|x\\=y\\\\\\n12 <13>1\\r'), cef);
  assert.ok(cef.includes(" c6a2=2001:db8::7 ") && !cef.includes(" src="));
  assert.ok(!/[\p{Cc}\u2028]/u.test(cef));
  assert.ok(textOf({}, "cef").includes("suser=王芳 spriv=user src=192.0.2.7 "));
});

test("JSON is one line of ASCII that reads as the entry", () => {
  const text = textOf({ actor_name: `王芳 ${HOSTILE}` }, "json");
  assert.match(text, /^[\x20-\x7e]+$/);
  const read = JSON.parse(text.slice(text.indexOf("{")));
  assert.deepEqual([read.actor.name, read.after, read.target], [`王芳 ${HOSTILE}`, { name: "Mei" }, { kind: "user", id: "pupil" }]);
});

test("values of any size stay below what receivers take", () => {
  const after = { text: "字".repeat(100_000) };
  for (const format of ["rfc5424", "cef", "json"] as const)
    assert.ok(textOf({ after, before: after }, format).length < 16_000, format);
  assert.ok(syslogMessage({ ...ENTRY, after: { text: "x".repeat(100_000) } }, "rfc5424", SENDER).length < 8192);
});

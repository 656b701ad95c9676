import assert from "node:assert/strict";
import { test } from "node:test";
import { explainPath, fieldsOf, requestOf } from "./explain-request.ts";

const REFUSED = {
  id: "r",
  at: "2026-11-23T10:30:00.000Z",
  target: "live/math",
  action: "play",
  protocol: "flv",
  ip: "203.0.113.7",
  code: "refused-by-rule",
  rule: "referers",
  source: "school S",
  dryRun: false,
  about: "https://copycat.example/?a=1&b=2",
};

test("a refused request fills in the form with what is known of it", () => {
  const { searchParams } = new URL(explainPath(REFUSED), "https://school.example");
  const fields = fieldsOf(searchParams, "2026-11-23T18:30", "anyone");
  assert.deepEqual(requestOf(fields, searchParams.get("at")), {
    action: "play",
    protocol: "flv",
    url: "/live/math",
    ip: "203.0.113.7",
    referer: "https://copycat.example/?a=1&b=2",
    userAgent: null,
    at: REFUSED.at,
  });
  const program = new URL(explainPath({ ...REFUSED, rule: "user-agents", about: "Wget/1.2" }), "https://school.example");
  assert.equal(fieldsOf(program.searchParams, "", "").program, "Wget/1.2");
  const room = new URL(explainPath({ ...REFUSED, protocol: "room" }), "https://school.example");
  assert.equal(fieldsOf(room.searchParams, "", "").protocol, "");
});

test("a lesson is explained with a person's link, without one where nobody is named, and never for publishing", () => {
  const fields = { ...fieldsOf(new URLSearchParams({ lesson: "L", ip: " 203.0.113.7 " }), "", "anyone") };
  const rest = { ip: "203.0.113.7", referer: null, userAgent: null };
  assert.deepEqual(requestOf(fields, null), { action: "play", lessonId: "L", viewer: "anyone", ...rest });
  assert.deepEqual(requestOf({ ...fields, person: " " }, null), { action: "play", lessonId: "L", ...rest });
  assert.deepEqual(requestOf({ ...fields, action: "publish", protocol: "flv" }, null), {
    action: "publish",
    lessonId: "L",
    ...rest,
  });
  const { protocol } = requestOf({ ...fields, protocol: "ws" }, null);
  assert.equal(protocol, "ws");
});

/** The name of a stream tells whose it is, and of which device. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isSchoolStream, newExamStream } from "../../../access/policies/stream-policy.ts";
import { newId } from "../../../platform/id.ts";
import { candidateOfStream, candidateStream } from "./stream-names.ts";

const exam = newExamStream();
const attempt = newId();

test("a candidate's stream is told from its name, and is closed to strangers by it", () => {
  for (const kind of ["camera", "screen"] as const) {
    const name = candidateStream(exam, { attempt, kind, seat: 3 });
    // As streams may be named (contract "Media addresses").
    assert.match(name, /^[\w-]{1,128}~[\w-]{1,64}$/);
    assert.ok(isSchoolStream(name), name);
    assert.deepEqual(candidateOfStream(name), { attempt, kind, seat: 3 });
    assert.deepEqual(candidateOfStream(`${name}@opus`), { attempt, kind, seat: 3 });
  }
});

test("a phone keeps its stream where the candidate changes the device", () => {
  const name = candidateStream(exam, { attempt, kind: "phone", seat: 1 });
  assert.equal(candidateStream(exam, { attempt, kind: "phone", seat: 2 }), name);
});

test("other names are no candidate's", () => {
  for (const name of [
    "math",
    exam,
    `${exam}~${attempt}`,
    `${exam}~${attempt}-face-1`,
    `lesson-aaaaaaaaaaaaaaaa~${attempt}-camera-1`,
  ])
    assert.equal(candidateOfStream(name), null, name);
});

/** A candidate's stream may have what its kind has, and some more for a moment. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamPolicy } from "../../access/policies/stream-policy.ts";
import { CandidateRates, TOO_FAST } from "./candidate-rates.ts";

const EXAM = "exam-aaaaaaaaaaaaaaaa";
const ATTEMPT = "01jdxz5b3m8q2w4e6r7t9y0ukv";

function streamOf(name: string, kbps: number) {
  const stream = {
    app: "live",
    name,
    writing: true,
    ended: "",
    statistics: { look: () => ({ videoKbps: kbps, audioKbps: 0 }) },
    end: (reason: string) => {
      stream.ended = reason;
      stream.writing = false;
    },
  };
  return stream;
}

test("a stream that has too many bits for ten seconds is ended; others, and lessons, are not", () => {
  const policy = { memberKbps: { "-camera": 500, "-screen": 1000 } } as unknown as StreamPolicy;
  const camera = streamOf(`${EXAM}~${ATTEMPT}-camera-1`, 600);
  const screen = streamOf(`${EXAM}~${ATTEMPT}-screen-1`, 600);
  const lesson = streamOf("lesson-aaaaaaaaaaaaaaaa", 6000);
  const rates = new CandidateRates(() => [camera, screen, lesson], { peek: () => policy });
  rates.look();
  assert.equal(camera.ended, "", "a moment");
  rates.look();
  assert.deepEqual([camera.ended, screen.ended, lesson.ended], [TOO_FAST, "", ""]);
});

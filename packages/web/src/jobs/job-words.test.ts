import assert from "node:assert/strict";
import { test } from "node:test";
import { JOB_PROBLEMS, JOB_REPORT_STATES, STREAM_JOBS } from "../../../server/src/contracts/jobs/job-report.ts";
import { forwardWord, jobWord, sourceWord } from "./job-words.ts";
import { JOB_MESSAGES } from "./messages.ts";

const channel = { enabled: true, start: "demand", lessonId: null, state: null } as const;
const state = (name: (typeof JOB_REPORT_STATES)[number]) => ({ state: name });

test("a source says what it does, and what it waits for", () => {
  const words: readonly [Partial<Parameters<typeof sourceWord>[0]>, string, string][] = [
    [{ enabled: false, state: state("running") }, "off", "idle"],
    [{}, "onDemand", "idle"],
    [{ state: state("waiting") }, "onDemand", "idle"],
    [{ start: "always" }, "starting", "busy"],
    [{ start: "always", lessonId: "lesson" }, "forLesson", "idle"],
    [{ lessonId: "lesson" }, "forLesson", "idle"],
    [{ lessonId: "lesson", state: state("waiting") }, "onDemand", "idle"],
    [{ state: state("running") }, "running", "good"],
    [{ state: state("retrying") }, "retrying", "bad"],
  ];
  for (const [change, word, tone] of words) assert.deepEqual(sourceWord({ ...channel, ...change }), { word, tone });
});

test("a forward waits for its lesson, and sends", () => {
  const forward = (name: (typeof JOB_REPORT_STATES)[number]) => forwardWord({ enabled: true, state: state(name) }).word;
  assert.deepEqual([forward("waiting"), forward("running"), forward("starting")], ["withLesson", "sending", "starting"]);
  assert.equal(forwardWord({ enabled: true, state: null }).word, "withLesson");
  assert.equal(forwardWord({ enabled: false, state: state("retrying") }).word, "off");
});

test("each state that a node reports, and each problem, has words in both languages", () => {
  for (const { jobStates, jobProblems } of Object.values(JOB_MESSAGES)) {
    for (const kind of STREAM_JOBS)
      for (const name of JOB_REPORT_STATES) assert.ok(jobWord(kind, state(name)).word in jobStates, `${kind} ${name}`);
    assert.deepEqual(Object.keys(jobProblems), [...JOB_PROBLEMS, "unknown"]);
  }
});

/** The engine that is a program: what it gets, what it says, and how it ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { EngineLine } from "./caption-engine.ts";
import { startCommandEngine } from "./command-engine.ts";

/** A program that says how many seconds of sound it has heard, once a second, and the rest at the end. */
const COUNTER = `
let bytes = 0;
let said = 0;
const say = (end, final) => console.log(JSON.stringify({ start: said, end, text: "second " + Math.ceil(end), final }));
process.stdin.on("data", (sound) => {
  bytes += sound.length;
  while (bytes / 32000 >= said + 1) { say(said + 1, true); said++; }
});
process.stdin.on("end", () => { if (bytes / 32000 > said) say(bytes / 32000, true); });`;

function started(script: string) {
  const lines: EngineLine[] = [];
  let ended: (problem: JobProblem | null) => void = () => {};
  const end = new Promise<JobProblem | null>((resolve) => {
    ended = resolve;
  });
  const engine = startCommandEngine([process.execPath, "-e", script], {
    onLine: (line) => lines.push(line),
    onDrain: () => {},
    onEnd: (problem) => ended(problem),
  });
  return { engine, lines, end };
}

test("a program hears all sound, and says its last line after the end", async (t) => {
  const { engine, lines, end } = started(COUNTER);
  t.after(() => engine.close());
  engine.write(Buffer.alloc(80_000));
  engine.finish();
  assert.equal(await end, null);
  assert.deepEqual(
    lines.map(({ start, end: to, text }) => [start, to, text]),
    [
      [0, 1, "second 1"],
      [1, 2, "second 2"],
      [2, 2.5, "second 3"],
    ],
  );
});

test("a program that ends, and one that writes something else, say why", async (t) => {
  const failing = started(`console.error("no model"); process.exitCode = 3;`);
  const talking = started(`console.log("Loading…"); process.stdin.resume();`);
  t.after(() => [failing, talking].map(({ engine }) => engine.close()));
  assert.deepEqual(await failing.end, { code: "program-failed", detail: "no model" });
  assert.deepEqual(await talking.end, { code: "program-failed", detail: "a line of a caption program is no JSON" });
});

test("a program that does not exist says so", async (t) => {
  let ended: (problem: JobProblem | null) => void = () => {};
  const end = new Promise<JobProblem | null>((resolve) => {
    ended = resolve;
  });
  const events = { onLine: () => {}, onDrain: () => {}, onEnd: (problem: JobProblem | null) => ended(problem) };
  const engine = startCommandEngine(["/no/such/program"], events);
  t.after(() => engine.close());
  assert.match((await end)?.detail ?? "", /no\/such\/program/);
});

test("a program has none of the server's environment", async (t) => {
  process.env["LECTERN_TEST_SECRET"] = "s3cret";
  t.after(() => delete process.env["LECTERN_TEST_SECRET"]);
  const script = `console.log(JSON.stringify({ start: 0, end: 1, text: Object.keys(process.env).sort().join(" "), final: true }))`;
  const { engine, lines, end } = started(`${script}; process.stdin.resume();`);
  t.after(() => engine.close());
  engine.finish();
  await end;
  assert.equal(lines[0]?.text, "HOME LANG PATH");
});

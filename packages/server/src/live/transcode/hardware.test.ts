import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { runProgram } from "../../platform/jobs/run-process.ts";
import { trialArguments } from "./encoder-arguments.ts";
import { chooseEncoder, type EncoderInUse, encoderAfterFailure, openEncoderChoice, probeEncoders, problemOf } from "./hardware.ts";

/** Whether this machine has a graphics card that could encode. */
const HAS_CARD = existsSync("/dev/dri") || existsSync("/dev/nvidia0");

test("encoders are tried with this machine's ffmpeg: what fails has a reason, and that is not one of our options", async () => {
  const trials = await probeEncoders("ffmpeg");
  assert.deepEqual(
    trials.map(({ encoder }) => encoder),
    ["nvenc", "vaapi", "qsv", "software"],
  );
  for (const { encoder, problem } of trials) {
    if (encoder === "software") assert.equal(problem, null);
    else if (!HAS_CARD) assert.ok(problem, `${encoder} cannot work without a card`);
    if (problem === null) continue;
    assert.ok(problem.length > 10 && problem.length <= 160 && !problem.includes("\n"), problem);
    assert.doesNotMatch(problem, /option|unrecognized|unable to parse|no such filter|invalid argument/i, encoder);
  }
  if (!HAS_CARD) assert.equal(chooseEncoder("auto", trials), "software");
});

test("an ffmpeg that is missing is the reason for all encoders", async () => {
  for (const { problem } of await probeEncoders("no-such-ffmpeg")) assert.equal(problem, "no-such-ffmpeg could not be started");
});

test("an ffmpeg that was built without an encoder is the reason", async () => {
  // `true` lists no encoder.
  assert.deepEqual(await probeEncoders("true", ["nvenc"]), [{ encoder: "nvenc", problem: "this ffmpeg has no h264_nvenc" }]);
});

test("an encoder that does not do what ladders need is found out", async () => {
  const flvOf = async (change: (args: string[]) => string[]) => {
    const args = change(trialArguments("software"));
    const { output, stderr } = await runProgram({
      command: "ffmpeg",
      args,
      withinMs: 20_000,
      maxBytes: 1 << 24,
    });
    return output ?? assert.fail(stderr);
  };
  const instead = (option: string, value: string) => (args: string[]) =>
    args.map((arg, i) => (args[i - 1] === option ? value : arg));
  const good = await flvOf((args) => args);
  assert.equal(problemOf(good), null);
  assert.match(problemOf(await flvOf(instead("-force_key_frames", "0"))) ?? "", /^its key frames are 0 instead of 0, 5, 12$/);
  assert.match(problemOf(await flvOf(instead("-g", "4"))) ?? "", /^its key frames are 0, 4, 5/);
  assert.match(problemOf(await flvOf(instead("-bf", "2"))) ?? "", /^it reorders frames$/);
  assert.match(problemOf(await flvOf(instead("-frames:v", "9"))) ?? "", /^it gave 9 frames for 20$/);
  assert.match(problemOf(Buffer.from("not FLV at all, but text")) ?? "", /FLV/);
  assert.equal(problemOf(good.subarray(0, 30)), "its stream has no parameter sets");
});

test("a setting takes the first encoder that works, and software where it does not", () => {
  const trials = [
    { encoder: "nvenc", problem: "Cannot load libcuda.so.1" },
    { encoder: "vaapi", problem: null },
    { encoder: "qsv", problem: null },
    { encoder: "software", problem: null },
  ] as const;
  assert.equal(chooseEncoder("auto", trials), "vaapi");
  assert.equal(chooseEncoder("qsv", trials), "qsv");
  assert.equal(chooseEncoder("nvenc", trials), "software");
  assert.equal(chooseEncoder("software", trials), "software");
  assert.equal(chooseEncoder("auto", []), "software");
});

test("cards are tried once, when a ladder first needs to know, and never for software", async () => {
  let known = () => {};
  const isKnown = new Promise<void>((resolve) => (known = resolve));
  let trials = 0;
  const choice = openEncoderChoice("ffmpeg", (of) => {
    trials++;
    assert.deepEqual(
      of.map(({ encoder }) => encoder),
      ["nvenc", "vaapi", "qsv"],
    );
    known();
  });
  assert.equal(choice("software"), "software");
  assert.deepEqual([choice("auto"), choice("auto"), choice("software")], [null, null, "software"]);
  await isKnown;
  assert.ok(choice("auto") !== null);
  if (!HAS_CARD) assert.deepEqual([choice("auto"), choice("vaapi")], ["software", "software"]);
  assert.equal(trials, 1);
});

test("an encoder of a card that fails twice in a row in the beginning is replaced by software", () => {
  const after = (use: EncoderInUse, ...runs: readonly number[]) => runs.reduce(encoderAfterFailure, use);
  const fresh: EncoderInUse = { encoder: "nvenc", earlyFailures: 0 };
  assert.deepEqual(after(fresh, 200), { encoder: "nvenc", earlyFailures: 1 });
  assert.deepEqual(after(fresh, 200, 300), { encoder: "software", earlyFailures: 0 });
  assert.deepEqual(after(fresh, 200, 60_000, 200), { encoder: "nvenc", earlyFailures: 1 }, "not in a row");
  assert.deepEqual(after(fresh, 60_000, 60_000, 60_000), { encoder: "nvenc", earlyFailures: 0 }, "not in the beginning");
  assert.equal(after({ encoder: "software", earlyFailures: 0 }, 200, 200, 200).encoder, "software");
});

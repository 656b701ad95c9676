import assert from "node:assert/strict";
import { test } from "node:test";
import type { EncoderKind } from "../../live/transcode/encoder-arguments.ts";
import { configSchema } from "../../platform/config/schema.ts";
import { checkEncoders, checkLadder, describeEncoders } from "./doctor-encoders.ts";

const KINDS: readonly EncoderKind[] = ["nvenc", "vaapi", "qsv", "software"];
const trials = (...works: readonly EncoderKind[]) =>
  KINDS.map((encoder) => ({ encoder, problem: works.includes(encoder) ? null : `no ${encoder} here` }));
const finding = (ladder: object, ...works: readonly EncoderKind[]) =>
  describeEncoders(configSchema.parse({ ladder }).ladder, trials(...works), []);

test("doctor says which encoders work, which one is used, and why the others do not", () => {
  const { state, what } = finding({}, "vaapi", "qsv", "software");
  assert.deepEqual(
    [state, what],
    ["good", "encoders of ladders that work: vaapi, qsv, software; vaapi is used (nvenc: no nvenc here)"],
  );
  assert.match(finding({ encoder: "software" }, "vaapi", "software").what, /software is used/);
  const without = finding({}, "software");
  assert.deepEqual(
    [without.state, without.what],
    [
      "good",
      "ladders are encoded in software; no encoder of a graphics card works (nvenc: no nvenc here; vaapi: no vaapi here; qsv: no qsv here)",
    ],
  );
});

test("doctor advises what to do where the encoder of the configuration does not work", () => {
  const { state, what, fix } = finding({ encoder: "vaapi" }, "software");
  assert.deepEqual([state, what], ["advice", "the encoder vaapi does not work, and software is used instead: no vaapi here"]);
  assert.match(fix ?? "", /group render/);
  assert.match(finding({ encoder: "nvenc" }, "software").fix ?? "", /NVIDIA/);
  assert.equal(finding({ encoder: "nvenc" }, "nvenc", "software").state, "good");
});

test("doctor advises what to do where a card is in the machine and cannot be used", () => {
  const of = (cards: readonly ("nvenc" | "vaapi")[], ...works: readonly EncoderKind[]) =>
    describeEncoders(configSchema.parse({}).ladder, trials(...works), cards);
  assert.deepEqual(of(["nvenc"], "software").state, "advice");
  assert.match(of(["nvenc"], "software").fix ?? "", /NVIDIA/);
  assert.match(of(["vaapi"], "software").fix ?? "", /group render/);
  assert.equal(of(["vaapi"], "vaapi", "software").state, "good");
});

test("doctor says that no ladder can be made where nothing encodes", () => {
  assert.equal(finding({ rungs: "mobile" }).state, "bad");
  assert.equal(finding({ rungs: "none" }).state, "advice");
  assert.match(finding({ rungs: "mobile" }).fix ?? "", /libx264/);
});

test("doctor tries the encoders of this machine", async () => {
  const { state, what } = await checkEncoders(configSchema.parse({ ladder: { encoder: "software" } }));
  assert.notEqual(state, "bad");
  assert.match(what, /software/);
});

test("doctor says which smaller versions streams have, and what a machine without them lacks", () => {
  const said = (cores: number, hasFfmpeg: boolean, rungs?: unknown) =>
    checkLadder(configSchema.parse({ ladder: { rungs } }), { cores, hasFfmpeg }).what;
  assert.match(said(8, true), /data-saver, on this machine with 8 cores/);
  assert.match(said(2, true), /none; a data saver needs 4 cores, and this machine has 2/);
  assert.match(said(8, false), /needs ffmpeg/);
  assert.match(said(2, false, "mobile"), /mobile, as ladder\.rungs says/);
});

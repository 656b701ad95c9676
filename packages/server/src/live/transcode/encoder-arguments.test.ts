import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { ENCODER_NAMES, type EncoderKind, encoderArguments } from "./encoder-arguments.ts";
import type { Rung } from "./rungs.ts";

const RUNGS: readonly Rung[] = [
  { name: "480p", video: { width: 854, height: 480, kbps: 1000 }, audio: null },
  { name: "saver", video: { width: 640, height: 360, kbps: 301 }, audio: { kbps: 32, channels: 1 } },
];
const SOUND: readonly Rung[] = [{ name: "audio", video: null, audio: { kbps: 128, channels: 2 } }];
const KINDS: readonly EncoderKind[] = ["software", "nvenc", "vaapi", "qsv"];

/** The values of an option, one for each rung that has it. */
const valuesOf = (args: readonly string[], option: string) => args.flatMap((arg, i) => (args[i - 1] === option ? [arg] : []));
const of = (encoder: EncoderKind) => encoderArguments(RUNGS, encoder);
const graphOf = (encoder: EncoderKind) => valuesOf(of(encoder), "-filter_complex")[0]?.split(";");

test("every encoder cuts where the source does, with IDR frames, and reorders nothing", () => {
  for (const encoder of KINDS) {
    const args = of(encoder);
    assert.deepEqual(valuesOf(args, "-force_key_frames"), ["source", "source"], encoder);
    assert.deepEqual(valuesOf(args, "-bf"), ["0", "0"], encoder);
    assert.deepEqual(valuesOf(args, "-fps_mode"), ["passthrough", "passthrough"], encoder);
    // What Quick Sync counts a GOP with has 16 bits.
    for (const frames of valuesOf(args, "-g")) assert.ok(Number(frames) > 10_000 && Number(frames) < 2 ** 16, encoder);
  }
  for (const [encoder, option] of [
    ["software", "-forced-idr"],
    ["nvenc", "-forced-idr"],
    ["qsv", "-forced_idr"],
  ] as const)
    assert.deepEqual(valuesOf(of(encoder), option), ["1", "1"], encoder);
  assert.deepEqual(valuesOf(of("vaapi"), "-idr_interval"), ["0", "0"]);
});

test("no encoder makes key frames at scene cuts", () => {
  for (const parameters of valuesOf(of("software"), "-x264-params")) assert.match(parameters, /scenecut=0/);
  assert.deepEqual(valuesOf(of("nvenc"), "-no-scenecut"), ["1", "1"]);
  assert.deepEqual(valuesOf(of("qsv"), "-adaptive_i"), ["0", "0"]);
});

test("encoders of graphics cards hold no frame back", () => {
  assert.deepEqual(valuesOf(of("nvenc"), "-delay"), ["0", "0"]);
  assert.deepEqual(valuesOf(of("nvenc"), "-rc-lookahead"), ["0", "0"]);
  for (const encoder of ["vaapi", "qsv"] as const) assert.deepEqual(valuesOf(of(encoder), "-async_depth"), ["1", "1"], encoder);
});

test("no encoder exceeds a rung's bits, with half a second of buffer", () => {
  for (const encoder of KINDS) {
    assert.deepEqual(valuesOf(of(encoder), "-maxrate"), ["1000k", "301k"], encoder);
    assert.deepEqual(valuesOf(of(encoder), "-bufsize"), ["500k", "151k"], encoder);
    const isHardware = encoder !== "software";
    // A rate that is the most at the same time would be a constant one, with filling.
    assert.deepEqual(valuesOf(of(encoder), "-b:v"), isHardware ? ["800k", "241k"] : [], encoder);
    assert.equal(valuesOf(of(encoder), "-crf").length, isHardware ? 0 : 2, encoder);
  }
});

test("frames are scaled in software, but for VA-API on the card, to which they are copied once", () => {
  for (const [encoder, format] of [
    ["software", "yuv420p"],
    ["nvenc", "yuv420p"],
    ["qsv", "nv12"],
  ] as const)
    assert.deepEqual(
      graphOf(encoder),
      [
        "[0:v:0]split=2[in0][in1]",
        `[in0]scale=854:480:flags=bicubic,format=${format}[out0]`,
        `[in1]scale=640:360:flags=bicubic,format=${format}[out1]`,
      ],
      encoder,
    );
  assert.deepEqual(graphOf("vaapi"), [
    "[0:v:0]format=nv12,hwupload,split=2[in0][in1]",
    "[in0]scale_vaapi=w=854:h=480:mode=hq:format=nv12[out0]",
    "[in1]scale_vaapi=w=640:h=360:mode=hq:format=nv12[out1]",
  ]);
  assert.deepEqual(valuesOf(of("vaapi"), "-init_hw_device"), ["vaapi=card"]);
  for (const encoder of ["software", "nvenc", "qsv"] as const) assert.deepEqual(valuesOf(of(encoder), "-init_hw_device"), []);
});

test("each encoder has its own name and the rung's level, in its own spelling", () => {
  const seen = KINDS.map((encoder) => [valuesOf(of(encoder), "-c:v")[0], valuesOf(of(encoder), "-level")[0]]);
  assert.deepEqual(seen, [
    ["libx264", "3.1"],
    ["h264_nvenc", "31"],
    ["h264_vaapi", "31"],
    ["h264_qsv", "31"],
  ]);
});

test("this machine's ffmpeg knows every option that is an encoder's own", () => {
  /** Options of ffmpeg itself, and of all encoders of pictures. */
  const general = /^-(map|fps_mode|enc_time_base:v|c:v|profile:v|force_key_frames|g|bf|b:v|qmin|maxrate|bufsize|level)$/;
  for (const encoder of KINDS) {
    const args = encoderArguments(RUNGS.slice(0, 1), encoder);
    const ofVideo = args.slice(args.indexOf("-map"), args.indexOf("-an"));
    const own = ofVideo.filter((arg) => arg.startsWith("-") && Number.isNaN(Number(arg)) && !general.test(arg));
    assert.ok(own.length > 2, encoder);
    const help = execFileSync("ffmpeg", ["-hide_banner", "-h", `encoder=${ENCODER_NAMES[encoder]}`]).toString();
    for (const option of own) assert.match(help, new RegExp(`^ +${option} `, "m"), `${encoder} ${option}`);
  }
  const scaling = execFileSync("ffmpeg", ["-hide_banner", "-h", "filter=scale_vaapi"]).toString();
  for (const option of ["w", "h", "mode", "hq", "format"]) assert.match(scaling, new RegExp(`^ +${option} `, "m"), option);
});

test("a ladder of sound alone needs no card", () => {
  for (const encoder of KINDS) assert.deepEqual(encoderArguments(SOUND, encoder), encoderArguments(SOUND, "software"), encoder);
  assert.ok(!encoderArguments(SOUND, "vaapi").includes("-init_hw_device"));
});

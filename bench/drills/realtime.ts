/**
 * Runs a drill: a teacher publishes from a browser by WHIP, a student watches by WHEP, and their lines are spoiled in every way that lines of homes
 * and schools are. Measures the delay by a clock in the picture, how long the picture stood, and decodes the recording. Needs root, TUN devices and
 * nftables.
 */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { heardBeeps } from "../../e2e/heard-beeps.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { pageBeats, type SeenFrame, seenFrames, sentFigures } from "./realtime-clock.ts";
import { judge, longestPause, meanKbps, type Seen } from "./realtime-judgement.ts";
import { RealtimeLab } from "./realtime-lab.ts";
import { isWithin, PHASES, type Phase } from "./realtime-phases.ts";

/** Until a page that was opened plays as it will. */
const SETTLE_MS = 6000;
/** Until queues are empty and a lost network is back. */
const RECOVER_MS = 4000;

/** A page that stands for longer than this tells nothing of the line. */
const PAGES_STAND_MS = 400;

const run = promisify(execFile);

type Outcome = {
  readonly phase: Phase;
  readonly seen: Seen;
  readonly kbps: number;
  readonly pagesStoodMs: number;
  readonly text: string;
  readonly held: boolean;
};

export async function realtime(options: DrillOptions): Promise<DrillResult> {
  const lab = new RealtimeLab();
  try {
    await lab.start();
    const outcomes: Outcome[] = [];
    let baselineKbps = 0;
    for (const phase of phasesOf(options)) {
      const outcome = await pass(lab, phase, baselineKbps);
      baselineKbps ||= outcome.kbps;
      outcomes.push(outcome);
      process.stderr.write(`${outcome.held ? "held" : "NOT HELD"}: ${rowOf(outcome).join(" | ")}\n`);
    }
    return resultOf(outcomes, await decodeAll(await lab.endRecording()));
  } finally {
    await lab.close();
  }
}

/** `REALTIME_ONLY=words of names, with commas`: only these. */
function phasesOf({ quick }: DrillOptions): readonly Phase[] {
  const only = process.env["REALTIME_ONLY"]?.split(",");
  return PHASES.filter(({ name, quick: isQuick }) => (only ? only.some((word) => name.includes(word)) : !quick || isQuick));
}

async function pass(lab: RealtimeLab, phase: Phase, baselineKbps: number): Promise<Outcome> {
  const { teacher, student } = lab.pages;
  if (phase.query !== undefined) {
    await lab.watch(phase.query);
    await pause(SETTLE_MS);
  }
  const from = Date.now();
  phase.begin(lab);
  await pause(phase.seconds * 1000);
  const to = Date.now();
  const [frames, figures, heard] = [await seenFrames(student), await sentFigures(teacher), await heardBeeps(student)];
  const beats = await Promise.all([teacher, student].map(pageBeats));
  phase.end(lab);
  const seen = judge(frames, from, to);
  const also = phase.also?.({ frames, figures, heard, from, to, baselineKbps });
  keep(phase, frames, from, to);
  await pause(RECOVER_MS);
  const held = isWithin(seen, phase.limits) && (also?.held ?? true);
  const pagesStoodMs = Math.max(...beats.map((times) => longestPause(times, from, to)));
  return { phase, seen, kbps: meanKbps(figures, from, to), pagesStoodMs, text: also?.text ?? "", held };
}

/** `REALTIME_REPORT=FILE`: all frames of all phases, to look at. */
function keep({ name }: Phase, frames: readonly SeenFrame[], from: number, to: number): void {
  const report = process.env["REALTIME_REPORT"];
  const within = frames.filter(({ at }) => at >= from && at < to);
  if (report) writeFileSync(report, `${JSON.stringify({ name, from, to, frames: within })}\n`, { flag: "a" });
}

/** @returns what a decoder complains of in each file; empty for nothing */
async function decodeAll(files: readonly string[]): Promise<readonly { readonly seconds: number; readonly said: string }[]> {
  const decoded = [];
  for (const file of files) {
    // In the clock of the file: one of so many frames a second gives two that follow each other soon one time, and ffmpeg complains.
    const args = ["-v", "error", "-nostdin", "-err_detect", "explode", "-i", file, "-enc_time_base", "-1", "-f", "null", "-"];
    const { stderr } = await run("ffmpeg", args).catch((error: { stderr?: string }) => ({ stderr: error.stderr || String(error) }));
    const { stdout } = await run("ffprobe", ["-v", "quiet", "-show_entries", "format=duration", "-of", "csv=p=0", file]);
    decoded.push({ seconds: Math.round(Number(stdout)), said: stderr.trim() });
  }
  return decoded;
}

function rowOf({ phase, seen, kbps, pagesStoodMs, text, held }: Outcome): (string | number)[] {
  return [
    phase.name,
    seen.frames,
    seen.p50 ?? "-",
    seen.p99 ?? "-",
    seen.stoodMs,
    pagesStoodMs,
    Math.round(kbps),
    text,
    held ? "yes" : "NO",
  ];
}

function resultOf(outcomes: readonly Outcome[], recording: Awaited<ReturnType<typeof decodeAll>>): DrillResult {
  const isClean = recording.length > 0 && recording.every(({ said }) => said === "");
  const busy = outcomes.filter(({ pagesStoodMs }) => pagesStoodMs > PAGES_STAND_MS).map(({ phase }) => phase.name);
  const seconds = recording.reduce((sum, file) => sum + file.seconds, 0);
  return {
    drill: "realtime",
    broke: "the lines of a teacher who publishes by WHIP and of a student who watches by WHEP",
    promise:
      "the picture stands for at most 2 s, with less than 1 s of delay (p99), while a line loses packets, is long or narrow; without UDP both go on by themselves; no broken frame in the recording",
    held: isClean && outcomes.every(({ held }) => held),
    seen: [],
    table: {
      columns: ["phase", "frames", "delay p50, ms", "delay p99, ms", "stood, ms", "pages stood, ms", "sent, kbps", "seen", "held"],
      rows: outcomes.map(rowOf),
    },
    notes: [
      `recording: ${recording.length} files, ${seconds} s, ${isClean ? "decoded without an error" : "NOT DECODED WITHOUT AN ERROR"}`,
      ...(busy.length > 0 ? [`the machine was too busy to judge the lines, pages themselves stood: ${busy.join("; ")}`] : []),
      ...recording.flatMap(({ said }) => said.split("\n").filter(Boolean).slice(0, 5)),
    ],
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

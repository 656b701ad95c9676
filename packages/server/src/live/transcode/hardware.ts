/**
 * Finds out which encoders work on this machine: each that ffmpeg has is tried with the options that ladders use, since drivers, permissions
 * and cards decide it, and nothing else says it in advance.
 */
import { FlvReader, Malformed, TAG_TYPE } from "@lectern/media";
import type { EncoderSetting } from "../../platform/config/schema.ts";
import { runProgram } from "../../platform/jobs/run-process.ts";
import { readVideoTag } from "../source-tags.ts";
import { ENCODER_NAMES, type EncoderKind, TRIAL, trialArguments } from "./encoder-arguments.ts";

/** In the order in which `auto` takes the first that works. */
const CARD_KINDS: readonly EncoderKind[] = ["nvenc", "vaapi", "qsv"];
const ENCODER_KINDS: readonly EncoderKind[] = [...CARD_KINDS, "software"];

export type EncoderTrial = {
  readonly encoder: EncoderKind;
  /** Why it cannot be used, in a line; null: it works. */
  readonly problem: string | null;
};

/** A card that was asleep takes seconds to wake up. */
const WITHIN_MS = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PROBLEM_CHARACTERS = 160;

/** Tries encoders, each with a few frames. @param command ffmpeg, looked for in PATH */
export async function probeEncoders(command: string, kinds = ENCODER_KINDS): Promise<readonly EncoderTrial[]> {
  const listed = await run(command, ["-hide_banner", "-encoders"]);
  return await Promise.all(
    kinds.map(async (encoder) => {
      if ("failure" in listed) return { encoder, problem: listed.failure };
      const isListed = listed.output.includes(` ${ENCODER_NAMES[encoder]} `);
      return { encoder, problem: isListed ? await tryEncoder(command, encoder) : `this ffmpeg has no ${ENCODER_NAMES[encoder]}` };
    }),
  );
}

/** The encoder of a setting: an encoder that does not work is replaced by software. */
export function chooseEncoder(setting: EncoderSetting, trials: readonly EncoderTrial[]): EncoderKind {
  const usable = trials.filter(({ encoder, problem }) => problem === null && (setting === "auto" || setting === encoder));
  return usable[0]?.encoder ?? "software";
}

/**
 * Gives the encoder of a setting in a process with ladders: cards are tried once, when a ladder first needs to know. Null while they are.
 * @param tried told of what the trials have shown
 */
export function openEncoderChoice(
  command: string,
  tried: (trials: readonly EncoderTrial[]) => void,
): (setting: EncoderSetting) => EncoderKind | null {
  let trials: readonly EncoderTrial[] | "begun" | null = null;
  return (setting) => {
    if (setting === "software") return setting;
    if (trials === null) {
      trials = "begun";
      void probeEncoders(command, CARD_KINDS).then((known) => {
        trials = known;
        tried(known);
      });
    }
    return trials === "begun" ? null : chooseEncoder(setting, trials);
  };
}

/** How a ladder encodes now. */
export type EncoderInUse = {
  readonly encoder: EncoderKind;
  /** How often in a row it ended in its beginning. */
  readonly earlyFailures: number;
};

/** An encoder that works at all does so for longer. */
const EARLY_MS = 10_000;
const MOST_EARLY_FAILURES = 2;

/**
 * What a ladder encodes with after a failure: a card's encoder that fails twice in a row in the beginning is given up for software, as where
 * the card encodes as many pictures at once as it can.
 * @param ranMs from its start to its failure, milliseconds
 */
export function encoderAfterFailure({ encoder, earlyFailures }: EncoderInUse, ranMs: number): EncoderInUse {
  const failures = ranMs < EARLY_MS ? earlyFailures + 1 : 0;
  const isGivenUp = encoder !== "software" && failures >= MOST_EARLY_FAILURES;
  return isGivenUp ? { encoder: "software", earlyFailures: 0 } : { encoder, earlyFailures: failures };
}

async function tryEncoder(command: string, encoder: EncoderKind): Promise<string | null> {
  const ran = await run(command, trialArguments(encoder));
  return "failure" in ran ? ran.failure : problemOf(ran.output);
}

/** What is wrong with the FLV of a trial. Null: every frame came, with its key frames where they have to be. */
export function problemOf(flv: Buffer): string | null {
  const keys: number[] = [];
  let frames = 0;
  let isReordered = false;
  let isDescribed = false;
  let broken: string | null = null;
  const reader = new FlvReader({
    maxTagBytes: MAX_BYTES,
    onTag: ({ type, timestamp, body }) => {
      const message = type === TAG_TYPE.video ? readVideoTag(timestamp, body) : null;
      if (message instanceof Malformed) broken ??= message.rule;
      else if (message?.kind === "configuration") isDescribed = true;
      else if (message?.kind === "frame") {
        if (message.key) keys.push(frames);
        if (message.compositionOffset !== 0) isReordered = true;
        frames++;
      }
    },
  });
  const malformed = reader.push(flv);
  if (malformed) return malformed.rule;
  if (broken !== null) return broken;
  if (!isDescribed) return "its stream has no parameter sets";
  if (frames !== TRIAL.frames) return `it gave ${frames} frames for ${TRIAL.frames}`;
  if (keys.join() !== TRIAL.keys.join()) return `its key frames are ${keys.join(", ")} instead of ${TRIAL.keys.join(", ")}`;
  return isReordered ? "it reorders frames" : null;
}

async function run(command: string, args: readonly string[]): Promise<{ readonly output: Buffer } | { readonly failure: string }> {
  const ran = await runProgram({ command, args, withinMs: WITHIN_MS, maxBytes: MAX_BYTES });
  return ran.output ? { output: ran.output } : { failure: ran.stopped ?? complaintOf(ran.stderr) };
}

/** ffmpeg says first what is wrong, and then in other lines that it therefore failed. */
function complaintOf(stderr: string): string {
  const line = stderr.split("\n").find((text) => text.trim() !== "") ?? "ffmpeg failed without a word";
  // The encoder's name and its address in memory.
  const complaint = line.replace(/^\[[^\]]*\] /, "").trim();
  // The number alone would tell nobody anything.
  const isNoDevice = complaint.startsWith("Device creation failed");
  return (isNoDevice ? "no device of /dev/dri can be opened" : complaint).slice(0, MAX_PROBLEM_CHARACTERS);
}

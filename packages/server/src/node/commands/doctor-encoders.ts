/** Checks for `lectern doctor` which encoders work on this machine, or why not and what to do, and what streams have by default. */
import { readdir } from "node:fs/promises";
import type { EncoderKind } from "../../live/transcode/encoder-arguments.ts";
import { chooseEncoder, type EncoderTrial, probeEncoders } from "../../live/transcode/hardware.ts";
import { CORES_FOR_SAVER, type Machine, machineLadder } from "../../live/transcode/machine-ladder.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Finding } from "./doctor-operators.ts";

const WHAT_TO_DO: Readonly<Record<EncoderKind, string>> = {
  nvenc: "install NVIDIA's driver with its encoder library; a container needs the capability video",
  vaapi: "let the server's user open /dev/dri (group render), and install the driver: va-driver-all, or intel-media-va-driver",
  qsv: "let the server's user open /dev/dri (group render), and install Intel's library: libmfx-gen1.2, or libmfx1 before 2021",
  software: "install an ffmpeg with libx264: apt-get install ffmpeg",
};

/** Devices of graphics cards that encode. A screen's card alone has no `renderD128`. */
const CARDS = { nvenc: { folder: "/dev", device: /^nvidia\d+$/ }, vaapi: { folder: "/dev/dri", device: /^renderD\d+$/ } } as const;
type CardKind = keyof typeof CARDS;

/** A check of `lectern doctor`: which smaller versions streams have where neither school nor lesson says so. */
export function checkLadder({ ladder: { rungs } }: Pick<Config, "ladder">, machine: Machine): Finding {
  const cores = `${machine.cores} ${machine.cores === 1 ? "core" : "cores"}`;
  if (rungs !== "auto") {
    const names = typeof rungs === "string" ? rungs : rungs.map(({ name }) => name).join(", ");
    return { state: "good", what: `ladder of streams: ${names}, as ladder.rungs says` };
  }
  if (machineLadder(machine) !== "none")
    return { state: "good", what: `ladder of streams: data-saver, on this machine with ${cores}` };
  const lacks = machine.hasFfmpeg ? `${CORES_FOR_SAVER} cores, and this machine has ${machine.cores}` : "ffmpeg";
  return { state: "good", what: `ladder of streams: none; a data saver needs ${lacks} (docs/ladder.md)` };
}

export async function checkEncoders({ ladder }: Pick<Config, "ladder">): Promise<Finding> {
  const present = await Promise.all(
    (Object.keys(CARDS) as CardKind[]).map(async (kind) => {
      const { folder, device } = CARDS[kind];
      return (await readdir(folder).catch(() => [])).some((name) => device.test(name)) ? [kind] : [];
    }),
  );
  return describeEncoders(ladder, await probeEncoders("ffmpeg"), present.flat());
}

/** @param cards encoders whose card is in the machine, usable or not */
export function describeEncoders(
  { encoder, rungs }: Config["ladder"],
  trials: readonly EncoderTrial[],
  cards: readonly CardKind[],
): Finding {
  const works = trials.filter(({ problem }) => problem === null).map((trial) => trial.encoder);
  const failing = trials.filter(({ problem }) => problem !== null);
  const used = chooseEncoder(encoder, trials);
  if (!works.includes(used)) {
    // Nothing is missing where no ladder is wanted.
    const state = rungs === "none" || rungs === "auto" ? "advice" : "bad";
    return { state, what: `no encoder for ladders works (${reasons(failing)})`, fix: WHAT_TO_DO.software };
  }
  const wanted = failing.find((trial) => trial.encoder === encoder);
  if (wanted)
    return {
      state: "advice",
      what: `the encoder ${encoder} does not work, and ${used} is used instead: ${wanted.problem}`,
      fix: `${WHAT_TO_DO[wanted.encoder]} (docs/ladder.md)`,
    };
  const others = failing.length === 0 ? "" : ` (${reasons(failing)})`;
  if (works.length > 1)
    return { state: "good", what: `encoders of ladders that work: ${works.join(", ")}; ${used} is used${others}` };
  const what = `ladders are encoded in software; no encoder of a graphics card works${others}`;
  const [card] = cards;
  return card
    ? { state: "advice", what, fix: `this machine has a card: ${WHAT_TO_DO[card]} (docs/ladder.md)` }
    : { state: "good", what };
}

function reasons(trials: readonly EncoderTrial[]): string {
  return trials.map(({ encoder, problem }) => `${encoder}: ${problem}`).join("; ");
}

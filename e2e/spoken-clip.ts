/** Makes clips in which sentences are spoken by Debian's flite, and the grammar of their words for pocketsphinx. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ffmpegDone } from "./ffmpeg.ts";
import type { Scope } from "./lectern.ts";

/** Words that pocketsphinx understands as flite says them; it does not understand every voice. */
export const SENTENCES = [
  "one two three four five",
  "red green blue black white",
  "morning teacher paper window water",
  "table garden orange monday winter",
  "yellow river purple letter",
  "orange paper morning two letter",
] as const;
const VOICE = "rms";
const PAUSE_SECONDS = 1.2;
const RATE = 16_000;
const WAV_HEADER = 44;

export type Spoken = { readonly text: string; readonly start: number; readonly end: number };
export type SpokenClip = {
  /** FLV of AAC and H.264. */
  readonly file: string;
  readonly grammar: string;
  /** Where each sentence is, seconds. */
  readonly spoken: readonly Spoken[];
  readonly seconds: number;
};

/** @param directory where the files are written @param count sentences */
export async function spokenClip(t: Scope, directory: string, count: number): Promise<SpokenClip> {
  const spoken: Spoken[] = [];
  const pause = Buffer.alloc(PAUSE_SECONDS * RATE * 2);
  const sound: Buffer[] = [pause];
  let bytes = pause.length;
  for (let i = 0; i < count; i++) {
    const text = SENTENCES[i % SENTENCES.length] ?? "";
    const said = join(directory, "said.wav");
    execFileSync("flite", ["-voice", VOICE, "-t", text, "-o", said]);
    const wav = readFileSync(said).subarray(WAV_HEADER);
    spoken.push({ text, start: bytes / RATE / 2, end: (bytes + wav.length) / RATE / 2 });
    sound.push(wav, pause);
    bytes += wav.length + pause.length;
  }
  const raw = join(directory, "spoken.raw");
  writeFileSync(raw, Buffer.concat(sound));
  const file = join(directory, "spoken.flv");
  const picture = ["-f", "lavfi", "-i", `testsrc=size=320x180:rate=10:duration=${bytes / RATE / 2}`];
  const codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k"];
  await ffmpegDone(t, [
    ...picture,
    "-f",
    "s16le",
    "-ar",
    String(RATE),
    "-ac",
    "1",
    "-i",
    raw,
    ...codecs,
    "-ar",
    "44100",
    "-shortest",
    file,
  ]);
  const grammar = join(directory, "words.gram");
  const words = [...new Set(SENTENCES.join(" ").split(" "))].join(" | ");
  writeFileSync(grammar, `#JSGF V1.0;\ngrammar lesson;\npublic <line> = <word>+;\n<word> = ${words};\n`);
  return { file, grammar, spoken, seconds: bytes / RATE / 2 };
}

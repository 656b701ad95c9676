/**
 * Makes a caption program (docs/captions.md) of Debian's pocketsphinx: node pocketsphinx-lines.ts GRAMMAR hears 16 kHz sound on its standard input, and
 * writes a line of JSON for each sentence of the grammar (JSGF 1.0) that it understands.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const [grammar = ""] = process.argv.slice(2);
// It opens its input by name, which a socket has none of.
const command = 'cat | stdbuf -oL pocketsphinx_continuous -infile /dev/stdin -time yes -dither yes -logfn /dev/null -jsgf "$1"';
const engine = spawn("bash", ["-c", command, "bash", grammar], { stdio: ["inherit", "pipe", "inherit"] });

type Word = { readonly word: string; readonly start: number; readonly end: number };
/** `two(2) 0.490 0.760 1.000000`; pauses and noise are in brackets. */
const TIMED = /^(\S+?)(?:\(\d+\))? (\d+\.\d+) (\d+\.\d+) \d+\.\d+$/;
let sentence = "";
let words: Word[] = [];

for await (const line of createInterface({ input: engine.stdout })) {
  const [, word, start, end] = TIMED.exec(line) ?? [];
  if (word === undefined) {
    sentence = line.trim();
    words = [];
  } else if (!/^[<([]/.test(word)) words.push({ word, start: Number(start), end: Number(end) });
  if (sentence === "" || words.length < sentence.split(" ").length) continue;
  process.stdout.write(`${JSON.stringify({ start: words[0]?.start, end: words.at(-1)?.end, text: sentence, final: true })}\n`);
  sentence = "";
}

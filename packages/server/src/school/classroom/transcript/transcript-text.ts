/** Writes a transcript as WebVTT (W3C WebVTT 1, section 4), as SubRip, and as plain text. */
import { cueClock, writeWebVtt } from "@lectern/media";
import type { TranscriptLine } from "./transcript.ts";

export const TRANSCRIPT_FORMATS = ["vtt", "srt", "txt"] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/** A pause that begins a new paragraph of the plain text, seconds. */
const PARAGRAPH_SECONDS = 4;

export function transcriptText(lines: readonly TranscriptLine[], format: TranscriptFormat): string {
  switch (format) {
    case "vtt":
      return writeWebVtt(lines);
    case "srt":
      return lines
        .map(({ start, end, text }, i) => `${i + 1}\n${cueClock(start, ",")} --> ${cueClock(end, ",")}\n${text}\n`)
        .join("\n");
    case "txt":
      return plain(lines);
  }
}

function plain(lines: readonly TranscriptLine[]): string {
  let text = "";
  let before: TranscriptLine | null = null;
  for (const line of lines) {
    const isNew = before === null || line.start - before.end > PARAGRAPH_SECONDS;
    if (isNew) text += `${before === null ? "" : "\n\n"}[${cueClock(line.start, ".").slice(0, -4)}] `;
    else text += isSpaced(before?.text ?? "", line.text) ? " " : "";
    text += line.text;
    before = line;
  }
  return text === "" ? "" : `${text}\n`;
}

/** Chinese and Japanese have no spaces between sentences. */
function isSpaced(before: string, after: string): boolean {
  return !(/[\u3000-\u9fff\uff00-\uffef]$/.test(before) && /^[\u3000-\u9fff\uff00-\uffef]/.test(after));
}

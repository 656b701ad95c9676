/** Reads the lines that a caption program writes: one JSON object each, as docs/captions.md describes them. */
import { Malformed } from "@lectern/media";
import type { EngineLine } from "./caption-engine.ts";

/** A longer line is no caption. */
const MAX_LINE_BYTES = 65_536;
const NEWLINE = 10;

/** A line, or `Malformed` with the rule that it breaks. Unknown fields are left out. */
export function readEngineLine(text: string): EngineLine | Malformed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new Malformed("a line of a caption program is no JSON");
  }
  if (typeof value !== "object" || value === null) return new Malformed("a line of a caption program is no object");
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { start, end, text: said, final } = fields;
  if (!isSeconds(start) || !isSeconds(end) || end < start)
    return new Malformed("start and end of a caption are no seconds, or end is before start");
  if (typeof said !== "string") return new Malformed("the text of a caption is no string");
  if (typeof final !== "boolean") return new Malformed("final of a caption is neither true nor false");
  return { start, end, text: said.replaceAll(/\s+/g, " ").trim(), isFinal: final };
}

function isSeconds(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Splits what a program writes into its lines, whatever pieces it comes in. */
export class EngineLines {
  private rest: Buffer = Buffer.alloc(0);

  /** The lines that are complete. `Malformed`: nothing more is read. */
  push(bytes: Uint8Array): readonly EngineLine[] | Malformed {
    this.rest = Buffer.concat([this.rest, bytes]);
    const lines: EngineLine[] = [];
    for (let end = this.rest.indexOf(NEWLINE); end >= 0; end = this.rest.indexOf(NEWLINE)) {
      const text = this.rest.subarray(0, end).toString("utf8").trim();
      this.rest = this.rest.subarray(end + 1);
      if (text === "") continue;
      const line = readEngineLine(text);
      if (line instanceof Malformed) return line;
      lines.push(line);
    }
    return this.rest.length > MAX_LINE_BYTES ? new Malformed("a line of a caption program has more than 64 kB") : lines;
  }
}

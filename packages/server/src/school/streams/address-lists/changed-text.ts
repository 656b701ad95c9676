/**
 * Changes the text of an address list: takes the lines of some addresses and networks out, and puts others at its end. Two ways to write one
 * network are one.
 */
import { setImmediate } from "node:timers/promises";
import { LineSplitter, lineReader } from "../../../access/lists/address-lines.ts";

/** Of the text, so much is looked at in one turn: about a millisecond. */
const SLICE_BYTES = 16 * 1024;

export type TextChange = { readonly add: readonly string[]; readonly remove: readonly string[] };

export type ChangedText = {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Entries to remove that the text did not have; complete when `chunks` have been read. */
  readonly missing: ReadonlySet<string>;
};

/** @param change addresses and networks */
export function changeText(text: AsyncIterable<Uint8Array>, { add, remove }: TextChange): ChangedText {
  const missing = new Set(remove);
  const removed = new Map(remove.map((entry) => [keyOf(entry), entry]));
  const left = new Set([...removed.keys(), ...add.map(keyOf)]);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let kept: string[] = [];
    const lines = new LineSplitter((line) => {
      const key = keyOf(line);
      const entry = removed.get(key);
      if (entry !== undefined) missing.delete(entry);
      if (!left.has(key)) kept.push(line);
    });
    // As the compilation reads it: one character for each byte.
    const take = (): Buffer => {
      const bytes = Buffer.from(kept.map((line) => `${line}\n`).join(""), "latin1");
      kept = [];
      return bytes;
    };
    for await (const chunk of text)
      for (let at = 0; at < chunk.byteLength; at += SLICE_BYTES) {
        lines.push(Buffer.from(chunk.subarray(at, at + SLICE_BYTES)).toString("latin1"));
        yield take();
        await setImmediate();
      }
    lines.finish();
    yield take();
    yield Buffer.from(add.map((entry) => `${entry}\n`).join(""));
  }
  return { chunks: chunks(), missing };
}

let found = "";
const read = lineReader(
  (version, range) => {
    found = `${version} ${range.subarray(0, version === 4 ? 2 : 8).join(" ")}`;
  },
  () => {},
);

/** The same for all ways to write the addresses of a line; empty where it has none. */
function keyOf(line: string): string {
  found = "";
  read(line, false);
  return found;
}

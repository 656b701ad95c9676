/**
 * Provides entries of kinds that come many times a second: what is written on the board. They say on the wire only what they are about, and those of
 * one frame that concern the same page are one.
 */
import { joined, type Operation } from "@lectern/board";
import type { RoomEntry } from "@lectern/room";

/** An entry and how it is written. */
type Written = { readonly entry: RoomEntry; readonly text: string };

/** Writes entries of one frame, in their order. */
export function entryTexts(entries: readonly Written[]): readonly string[] {
  const texts: string[] = [];
  let run: RoomEntry[] = [];
  const endRun = (): void => {
    if (run.length > 0) texts.push(briefText(run));
    run = [];
  };
  for (const { entry, text } of entries) {
    const isBrief = entry.kind === "stroke" && entry.key === null && Array.isArray(entry.body["ops"]);
    if (!isBrief || (run[0] && run[0].body["page"] !== entry.body["page"])) endRun();
    if (isBrief) run.push(entry);
    else texts.push(text);
  }
  endRun();
  return texts;
}

/** @param run entries of the same page, which follow each other */
function briefText(run: readonly RoomEntry[]): string {
  const [first] = run;
  const ops = joined(run.flatMap(({ body }) => body["ops"] as readonly Operation[]));
  return JSON.stringify({ seq: run.at(-1)?.seq, kind: first?.kind, page: first?.body["page"], ops });
}

/** Adds up cells of the same minute and kind, so that a statement changes each row once, and orders them, so that two processes never wait for each other. */
import { mergeBuckets } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { ViewCell, ViewCellKey } from "../../../contracts/playback-sessions/view-batch.ts";

export function mergeCells(cells: readonly ViewCell[]): ViewCell[] {
  const merged = new Map<string, ViewCell>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const before = merged.get(key);
    merged.set(key, before ? add(before, cell) : cell);
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}

function keyOf({ cid, minute, node, carrier, region, engine, device }: ViewCellKey): string {
  return [cid, minute, node, carrier, region, engine, device].join("\n");
}

function add(a: ViewCell, b: ViewCell): ViewCell {
  return {
    ...a,
    watchedMs: a.watchedMs + b.watchedMs,
    heardMs: a.heardMs + b.heardMs,
    stalls: a.stalls + b.stalls,
    stallMs: a.stallMs + b.stallMs,
    frames: a.frames + b.frames,
    droppedFrames: a.droppedFrames + b.droppedFrames,
    bytes: a.bytes + b.bytes,
    switches: a.switches + b.switches,
    reconnects: a.reconnects + b.reconnects,
    errors: a.errors + b.errors,
    beacons: a.beacons + b.beacons,
    sessions: a.sessions + b.sessions,
    firstFrames: mergeBuckets(a.firstFrames, b.firstFrames),
    stallLengths: mergeBuckets(a.stallLengths, b.stallLengths),
  };
}

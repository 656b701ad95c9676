/** Provides the recordings of a cluster's streams as a drill judges them: how many there are, how far they reach, what is missing in them. */
import type { Node } from "../../e2e/cluster.ts";
import { until } from "../../e2e/lectern.ts";
import { missingMs, segmentsOf } from "../../e2e/recorded-segments.ts";

/** Frames a second of the drills' clip. */
const FPS = 25;

export type RecordedStreams = { readonly recordings: number; readonly framesMissing: number };

async function idsOf(node: Node): Promise<readonly string[]> {
  const { items } = (await (await node.api("/api/v1/recordings")).json()) as { items: { readonly id: string }[] };
  return items.map(({ id }) => id);
}

/** Waits until something is recorded that was published after a time of the clock. */
export async function recordedUntil(node: Node, utc: number): Promise<void> {
  const isRecorded = async () => {
    const read = await Promise.all((await idsOf(node)).map((id) => segmentsOf(node, id).catch(() => null)));
    return read.some((one) => one?.segments.some((segment) => segment.utc > utc));
  };
  await until(isRecorded, "the recording to go on", 60_000);
}

export async function recordedStreams(node: Node): Promise<RecordedStreams> {
  const ids = await idsOf(node);
  const missing = await Promise.all(ids.map(async (id) => missingMs((await segmentsOf(node, id)).segments)));
  return { recordings: ids.length, framesMissing: missing.reduce((sum, ms) => sum + Math.round((ms * FPS) / 1000), 0) };
}

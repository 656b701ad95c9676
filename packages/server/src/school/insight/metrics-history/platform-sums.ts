/** Adds up what all nodes have measured: the figures of the platform. */
import { isSchoolStream, lessonStreamOf } from "../../../access/policies/stream-policy.ts";
import type { NodeSample } from "../../../contracts/monitoring/node-sample.ts";
import type { Measured } from "./measured-of.ts";

/** A node whose last sample is older has gone. */
const COUNTS_FOR_MS = 25_000;

type Known = { readonly at: number; readonly viewers: number; readonly sentMbps: number; readonly streams: readonly string[] };

export class PlatformSums {
  private readonly nodes = new Map<string, Known>();

  /** @param now when it came, milliseconds since 1970 */
  take(sample: NodeSample, now: number): void {
    const { node, viewers, network, uplinks } = sample;
    this.nodes.set(node, { at: now, viewers, sentMbps: network.sentMbps, streams: uplinks.map(({ stream }) => stream) });
  }

  /** None while no node has measured anything. */
  sums(now: number): Measured[] {
    for (const [node, { at }] of this.nodes) if (now - at > COUNTS_FOR_MS) this.nodes.delete(node);
    if (this.nodes.size === 0) return [];
    const all = [...this.nodes.values()];
    // While a publisher moves, two nodes have its stream.
    const streams = new Set(all.flatMap((each) => each.streams));
    // A small lesson has a stream of each member.
    const names = [...streams].map((stream) => stream.split("/")[1] ?? "").filter(isSchoolStream);
    const lessons = new Set(names.map(lessonStreamOf));
    const figures = {
      nodes: all.length,
      viewers: all.reduce((sum, { viewers }) => sum + viewers, 0),
      sent_mbps: all.reduce((sum, { sentMbps }) => sum + sentMbps, 0),
      streams: streams.size,
      lessons: lessons.size,
    };
    return Object.entries(figures).map(([metric, value]) => ({ kind: "platform", subject: "", metric, value }));
  }
}

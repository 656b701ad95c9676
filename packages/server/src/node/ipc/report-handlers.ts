/** Collects reports of streams and metrics from the workers of this node and of others. */

import type { ReportCallMessages, ReportNodeMessages } from "../../operations/report-messages.ts";
import type { MetricValues } from "../../operations/stream-metrics.ts";
import type { NodeContext } from "./node-context.ts";

/** @param own the supervisor's own metrics */
export function reportHandlers({ cluster, here, workers }: NodeContext, own: () => Promise<MetricValues>): ReportCallMessages {
  return {
    ownStreams: () => here().streams(null),
    streams: async () => [...(await here().streams(null)), ...(await cluster.askOthers("streams", null)).flat()],
    metrics: async () => [...(await workers.askAll("metrics", undefined)), await own()],
    endStream: async (of) => (await here().endStream(of)) || (await cluster.askOthers("endStream", of)).includes(true),
    still: async (of) => (await here().still(of)) ?? firstOf(await cluster.askOthers("still", of)),
  };
}

export function reportNodeHandlers({ workers }: NodeContext): ReportNodeMessages {
  return {
    streams: async () => (await workers.askAll("streams", undefined)).flat(),
    endStream: async (of) => (await workers.askAll("endStream", of)).includes(true),
    still: async (of) => firstOf(await workers.askAll("still", of)),
  };
}

/** One worker has the publisher of a stream. */
function firstOf(stills: readonly (string | null)[]): string | null {
  return stills.find((still) => still !== null) ?? null;
}

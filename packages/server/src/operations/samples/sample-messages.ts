/** Lists the messages of samples: the supervisor asks its processes for what only they know, and tells every control process what the node has measured. */
import type { ComponentSample, HopSample, NodeSample, UplinkSample } from "../../contracts/monitoring/node-sample.ts";

/** What only a media worker knows. Rates are of the time since it was last asked. */
export type WorkerSample = {
  readonly holdMs: number;
  readonly hops: readonly HopSample[];
  readonly uplinks: readonly UplinkSample[];
};

/** What only the control process, or node services, know. */
export type ControlSample = { readonly holdMs: number; readonly components: readonly ComponentSample[] };

/** Answered by a media worker. */
export type WorkerSampleMessages = { readonly sample: () => WorkerSample };

/** Answered by the control process, or node services in its place. */
export type ControlSampleMessages = { readonly sample: () => Promise<ControlSample> };

/** Answered by the control process; between nodes: names and fields are on the wire. */
export type NodeSampleMessages = { readonly nodeSample: (sample: NodeSample) => void };

/** Defines messages of a child process's life cycle: the supervisor starts, reloads and drains it. */
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import type { KnownPolicies } from "../../access/policies/policy-snapshot.ts";
import type { CountermeasureInForce } from "../../access/protection/protection-messages.ts";
import type { DegradationState } from "../../contracts/degradation/degradation.ts";
import type { RecordChoice } from "../../library/recorder/record-choices.ts";
import type { Located } from "../../live/relay/registry/writer-messages.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { OpenAlarm } from "../../school/school.ts";
import type { NodeTable } from "../cluster/node-table.ts";

export type WorkerStart = {
  /** The worker's name on its node, and the node's. */
  readonly name: string;
  readonly node: string;
  readonly nodes: NodeTable;
  /** Where other nodes reach the worker's streams; null without a cluster. */
  readonly relay: { readonly host: string; readonly port: number } | null;
  readonly config: Config;
  /** The folder of the Unix sockets between processes. */
  readonly directory: string;
  /** The folder of the built pages. */
  readonly pages: string;
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** The UDP port of the first worker: each further one has the next. */
  readonly webRtcPort: number;
  /** Signs HLS sessions, which all workers accept. */
  readonly secret: Uint8Array;
  /** Streams that are live at other workers. */
  readonly located: readonly Located[];
  /** Open callback sessions of the worker that had this name before and died. */
  readonly orphans: readonly CallbackEvent[];
  /** All policies; null: not known yet. */
  readonly policies: KnownPolicies | null;
  /** Measures against addresses that are in force. */
  readonly measures: readonly CountermeasureInForce[];
  /** Streams whose recording was started or stopped by hand. */
  readonly recordChoices: readonly RecordChoice[];
  /** What the node does without. */
  readonly degradation: DegradationState;
};

export type ControlStart = {
  readonly config: Config;
  readonly directory: string;
  readonly adminToken: string | null;
  /** The first operator's password; null: a password is generated. */
  readonly adminPassword: string | null;
  readonly rtmpPort: number;
  /** Live streams. */
  readonly located: readonly Located[];
  /** Open alarms of the workers. */
  readonly alarms: readonly OpenAlarm[];
  /** The folder of the built pages. */
  readonly pages: string;
  /** Whether to create the demonstration school. */
  readonly demo: boolean;
  /** What the node does without. */
  readonly degradation: DegradationState;
};

/** The clients that a drain closed. */
export type Drained = { readonly publishers: number; readonly viewers: number };

export type WorkerLifecycle = {
  /** Returns the port for other nodes; 0 without a cluster. */
  readonly start: (options: WorkerStart) => Promise<number>;
  readonly drain: () => Promise<Drained>;
};

export type ControlLifecycle = {
  readonly start: (options: ControlStart) => Promise<void>;
  readonly drain: () => Promise<void>;
};

export type Reload = { readonly reload: (config: Config) => void };

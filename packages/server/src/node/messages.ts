/** What the processes of one machine ask each other. */
import type { Claim, Location, Stamp, Yielded } from "../live/streams/index.ts";
import type { MetricValues } from "../operations/metrics.ts";
import type { WorkerReport } from "../operations/stream-report.ts";
import type { Config } from "../platform/config/schema.ts";
import type { RefusalCode } from "../platform/refusal.ts";

export type StreamName = { readonly app: string; readonly name: string };
type StreamEpoch = StreamName & { readonly epoch: string };
export type Located = StreamName & { readonly location: Location | null };
export type ClaimAnswer = { readonly claim: Claim } | { readonly refused: { readonly code: RefusalCode; readonly detail: string } };

export type WorkerStart = {
  /** How the worker is called. */
  readonly name: string;
  readonly config: Config;
  /** Where the processes' Unix sockets are. */
  readonly directory: string;
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** Signs what all workers must accept. */
  readonly secret: Uint8Array;
  /** What is live on the others. */
  readonly located: readonly Located[];
};

export type ControlStart = {
  readonly config: Config;
  readonly directory: string;
  readonly adminToken: string | null;
  /** Where the built pages are. */
  readonly pages: string;
};

/** What the supervisor can be asked by its children. */
export type SupervisorMethods = {
  readonly claim: (of: StreamName & { readonly fresh: boolean }) => Promise<ClaimAnswer>;
  readonly keeps: (of: StreamEpoch) => void;
  readonly drops: (of: StreamEpoch) => void;
  readonly ended: (of: StreamEpoch) => void;
  /** How many viewers a worker has. */
  readonly viewers: (count: number) => void;
  /** Asks all workers, and gives the answers of those that have one. */
  readonly streams: () => Promise<WorkerReport[]>;
  readonly metrics: () => Promise<MetricValues[]>;
  readonly endStream: (of: StreamName) => Promise<boolean>;
};

/** What a media worker can be asked. */
export type WorkerMethods = {
  readonly start: (options: WorkerStart) => Promise<void>;
  readonly located: (news: Located) => void;
  readonly yield: (of: StreamName & { readonly to: string }) => Yielded | null;
  readonly newest: (of: StreamName) => Stamp | null;
  readonly streams: () => WorkerReport[];
  readonly metrics: () => Promise<MetricValues>;
  readonly endStream: (of: StreamName) => boolean;
  readonly viewersElsewhere: (count: number) => void;
  readonly reload: (config: Config) => void;
  readonly drain: () => Promise<Drained>;
};

/** What the control process can be asked. */
export type ControlMethods = {
  readonly start: (options: ControlStart) => Promise<void>;
  readonly reload: (config: Config) => void;
  readonly drain: () => Promise<void>;
};

export type Drained = { readonly publishers: number; readonly viewers: number };

/** The control process's Unix socket. */
export function controlSocket(directory: string): string {
  return `${directory}/control.sock`;
}

/** The Unix socket at which a worker's streams can be followed. */
export function relaySocket(directory: string, worker: string): string {
  return `${directory}/${worker}.sock`;
}

/**
 * Estimates how many viewers or streams a machine is good for, from measured costs (bench/results/2026-11: memory, fan-out), and says what
 * limits them.
 */

export type Machine = {
  /** Cores that media workers use. */
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  /** Of the fastest network card, Mbps; null where the system does not tell. */
  readonly networkMbps: number | null;
  /** Files that one process may open; null where the system does not tell. */
  readonly openFiles: number | null;
};

export type Demand = {
  /** Of one stream, Mbps. */
  readonly mbps: number;
  /** Viewers watch by HTTPS. */
  readonly isTls: boolean;
  /** Streams are recorded, or can be rewound. */
  readonly isRecorded: boolean;
  /** `limits.viewers` and `limits.streams`. */
  readonly maxViewers: number;
  readonly maxStreams: number;
};

export type Limit = "processor" | "memory" | "network" | "open files" | "limits.viewers" | "limits.streams";
export type Estimate = { readonly count: number; readonly limitedBy: Limit };

/** Measured on one shared machine of 2026: a faster core serves more. At 1 Mbps, and about in proportion to the bit rate. */
const CORES_PER_VIEWER = { plain: 0.0001, tls: 0.000175 } as const;
const CORES_PER_STREAM = { received: 0.0012, recorded: 0.0006 } as const;
const BYTES_PER_VIEWER = { plain: 30_000, tls: 250_000 } as const;
/** Logs keep 22 s, in buffers that are not quite full. */
const SECONDS_IN_LOG = 30;
const BYTES_PER_STREAM = 300_000;
/** All processes at rest. */
const BYTES_AT_REST = 400e6;
/** What stays free for peaks, the system and people who join. */
const USABLE = { processor: 0.7, memory: 0.7, network: 0.8, openFiles: 0.9 } as const;

/** Viewers of one stream, over HTTP-FLV or HLS. */
export function viewersOf(machine: Machine, { mbps, isTls, maxViewers }: Demand): Estimate {
  const kind = isTls ? "tls" : "plain";
  return least({
    processor: (machine.cores * USABLE.processor) / (CORES_PER_VIEWER[kind] * Math.max(0.5, mbps)),
    memory: usableMemory(machine) / BYTES_PER_VIEWER[kind],
    network: machine.networkMbps === null ? null : (machine.networkMbps * USABLE.network) / mbps,
    "open files": machine.openFiles === null ? null : machine.openFiles * USABLE.openFiles,
    "limits.viewers": maxViewers,
  });
}

/** Streams of publishers, with a viewer or none. */
export function streamsOf(machine: Machine, { mbps, isRecorded, maxStreams }: Demand): Estimate {
  const cores = CORES_PER_STREAM.received + (isRecorded ? CORES_PER_STREAM.recorded : 0);
  return least({
    processor: (machine.cores * USABLE.processor) / (cores * Math.max(0.5, mbps)),
    memory: usableMemory(machine) / (BYTES_PER_STREAM + (SECONDS_IN_LOG * mbps * 1e6) / 8),
    network: machine.networkMbps === null ? null : (machine.networkMbps * USABLE.network) / mbps,
    "open files": machine.openFiles === null ? null : machine.openFiles * USABLE.openFiles,
    "limits.streams": maxStreams,
  });
}

function usableMemory({ memory }: Machine): number {
  return Math.max(0, memory * USABLE.memory - BYTES_AT_REST);
}

function least(limits: Readonly<Partial<Record<Limit, number | null>>>): Estimate {
  let estimate: Estimate = { count: Number.POSITIVE_INFINITY, limitedBy: "processor" };
  for (const [limit, count] of Object.entries(limits) as [Limit, number | null][])
    if (count !== null && count < estimate.count) estimate = { count: Math.floor(count), limitedBy: limit };
  return estimate;
}

/** Provides one live stream as a row of the stream table, and the names of streams, nodes and processes. */
import { createHash } from "node:crypto";
import type { JobLease } from "../../../platform/jobs/job.ts";

export type StreamKey = { readonly app: string; readonly name: string };

export type StreamTableEntry = StreamKey & {
  readonly epoch: string;
  readonly term: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** `NODE/WORKER`; null while the publisher is waited for. */
  readonly writer: string | null;
  /** Nodes with a copy of the stream, whether it has viewers there or not. */
  readonly origins: readonly string[];
  /** The origin that records the stream and its time-shift, so that a recording is at one node. Row: `keeper`. */
  readonly recorderNode: string;
  /** Leases of jobs other than recording, by kind. */
  readonly jobs: { readonly [kind: string]: JobLease };
  /** Fields that a later version has added: they are kept when this node writes the row. */
  readonly otherFields: { readonly [field: string]: unknown };
};

/** Its key in the table: keys of NATS have neither the sign of a rung nor that of a member, and names have no dot, equals sign or slash. */
export function keyOf(app: string, name: string): string {
  return `${app}.${name.replace("@", "=").replace("~", "/")}`;
}

export function peerOf(node: string, worker: string): string {
  return `${node}/${worker}`;
}

/** The node of a process. */
export function nodeOf(peer: string): string {
  return peer.slice(0, Math.max(0, peer.indexOf("/")));
}

/** The candidate for a stream: the same on every node, and few streams change it when a candidate comes or goes. */
export function workerFor(key: string, candidates: readonly string[]): string | undefined {
  return [...candidates].sort((a, b) => (rank(key, a) < rank(key, b) ? -1 : 1))[0];
}

/** Order of a candidate for a key, by rendezvous hashing (Thaler and Ravishankar, 1998). The lowest comes first. */
export function rank(key: string, candidate: string): string {
  return createHash("sha1").update(`${key} ${candidate}`).digest("hex");
}

/** The row's text. */
export function formatEntry({ recorderNode, jobs, otherFields, ...entry }: StreamTableEntry): string {
  return JSON.stringify({
    ...otherFields,
    ...entry,
    keeper: recorderNode,
    ...(Object.keys(jobs).length > 0 ? { jobs } : {}),
  });
}

/** Null when the text is no row. */
export function parseEntry(text: string): StreamTableEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isFields(value)) return null;
  const { app, name, epoch, term, startedAt, writer, origins, keeper, jobs, ...otherFields } = value;
  if (typeof app !== "string" || typeof name !== "string" || typeof epoch !== "string") return null;
  if (!Number.isSafeInteger(term) || typeof startedAt !== "number") return null;
  if (writer !== null && typeof writer !== "string") return null;
  if (!isStrings(origins) || typeof keeper !== "string") return null;
  const recorderNode = keeper;
  return { app, name, epoch, term: Number(term), startedAt, writer, origins, recorderNode, jobs: leasesIn(jobs), otherFields };
}

function leasesIn(value: unknown): StreamTableEntry["jobs"] {
  if (!isFields(value)) return {};
  const leases = Object.entries(value).flatMap(([kind, lease]): [string, JobLease][] => {
    if (!isFields(lease)) return [];
    const { node, term, cores } = lease;
    if ((node !== null && typeof node !== "string") || !Number.isSafeInteger(term)) return [];
    return [[kind, { node, term: Number(term), ...(typeof cores === "number" ? { cores } : {}) }]];
  });
  return Object.fromEntries(leases);
}

function isFields(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === "object" && value !== null;
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

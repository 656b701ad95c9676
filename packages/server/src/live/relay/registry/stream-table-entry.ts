/** One live stream in the registry's table, and how the processes of nodes are called. */
import { createHash } from "node:crypto";

export type StreamKey = { readonly app: string; readonly name: string };

export type StreamTableEntry = StreamKey & {
  readonly epoch: string;
  readonly term: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** `NODE/WORKER`; null while its publisher is waited for. */
  readonly writer: string | null;
  /** Nodes that keep it, whoever watches it or not. */
  readonly origins: readonly string[];
  /** The one of them that records it, and keeps its time-shift, for as long as it can: a recording is at one node. */
  readonly keeper: string;
};

/** Its key in the table. Neither part of a stream's name has a dot. */
export function keyOf(app: string, name: string): string {
  return `${app}.${name}`;
}

export function peerOf(node: string, worker: string): string {
  return `${node}/${worker}`;
}

/** The node of a process. */
export function nodeOf(peer: string): string {
  return peer.slice(0, Math.max(0, peer.indexOf("/")));
}

/** Which of several a stream goes to: the same wherever one asks, and few change when one comes or goes. */
export function workerFor(key: string, candidates: readonly string[]): string | undefined {
  return [...candidates].sort((a, b) => (rank(key, a) < rank(key, b) ? -1 : 1))[0];
}

/** A number that says nothing, but is the same everywhere: rendezvous hashing (Thaler and Ravishankar, 1998). */
export function rank(key: string, candidate: string): string {
  return createHash("sha1").update(`${key} ${candidate}`).digest("hex");
}

/** Null when it is none. */
export function parseEntry(text: string): StreamTableEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { app, name, epoch, term, startedAt, writer, origins, keeper } = { ...(value as object) } as Partial<
    Record<string, unknown>
  >;
  if (typeof app !== "string" || typeof name !== "string" || typeof epoch !== "string") return null;
  if (!Number.isSafeInteger(term) || typeof startedAt !== "number") return null;
  if (writer !== null && typeof writer !== "string") return null;
  if (!Array.isArray(origins) || !origins.every((origin) => typeof origin === "string")) return null;
  // Earlier versions do not say: there it is the first.
  const recorder = typeof keeper === "string" ? keeper : (origins[0] ?? "");
  return { app, name, epoch, term: Number(term), startedAt, writer, origins, keeper: recorder };
}

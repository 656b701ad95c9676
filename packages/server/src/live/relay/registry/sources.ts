/** Chooses from which processes a process follows a stream: a pure function of the stream's row, the nodes and the copies on this node. */
import type { RegistryNodes } from "./registry-peers.ts";
import { keyOf, nodeOf, type StreamTableEntry } from "./stream-table-entry.ts";

/** The processes of this node that have the stream, and the one that brings it here; null while there is none. */
export type CopiesHere = { readonly lead: string | null; readonly copies: readonly string[] };

/** The best first. None for the writer, and where no process has the stream that could be asked. */
export function sourcesFor(
  worker: string,
  { app, name, writer, origins }: StreamTableEntry,
  { lead, copies }: CopiesHere,
  { self, peerAt, upstreamsOf, isUp }: RegistryNodes,
): readonly string[] {
  if (worker === writer) return [];
  if (lead !== null && worker !== lead) return [lead];
  const key = keyOf(app, name);
  const isOrigin = origins.includes(self);
  const nodes = isOrigin ? origins.filter((origin) => origin !== self) : upstreamsOf(key, origins);
  const peers = nodes.filter(isUp).map((node) => (writer !== null && nodeOf(writer) === node ? writer : peerAt(node, key)));
  // Origins follow the writer itself; others follow it only where no origin can be reached.
  const all = writer === null ? peers : isOrigin ? [writer, ...peers] : [...peers, writer];
  const remote = [...new Set(all)].filter((peer) => nodeOf(peer) !== self);
  return remote.length > 0 ? remote : copies.filter((peer) => peer !== worker);
}

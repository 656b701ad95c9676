/**
 * Tracks which processes of this node have a copy of which stream, and which process is the lead: it fetches the stream to the node, and the
 * others follow it.
 */
import type { LogPosition } from "../../streams/index.ts";
import { workerFor } from "./stream-table-entry.ts";

/** A copy of a stream, and its newest entry. */
export type Copy = { readonly peer: string; readonly head: LogPosition };

export class StreamCopies {
  private readonly workers = new Set<string>();
  private readonly holders = new Map<string, Set<string>>();
  private readonly leads = new Map<string, string>();

  addWorker(worker: string): void {
    this.workers.add(worker);
  }

  removeWorker(worker: string): void {
    this.workers.delete(worker);
    for (const [key, lead] of this.leads) if (lead === worker) this.leads.delete(key);
  }

  /** False when it was known. */
  add(key: string, peer: string): boolean {
    const peers = this.holders.get(key) ?? new Set();
    this.holders.set(key, peers);
    if (peers.has(peer)) return false;
    peers.add(peer);
    return true;
  }

  /** False when there was none. */
  remove(key: string, peer: string): boolean {
    return this.holders.get(key)?.delete(peer) ?? false;
  }

  has(key: string, peer: string | null): boolean {
    return peer !== null && (this.holders.get(key)?.has(peer) ?? false);
  }

  of(key: string): readonly string[] {
    return [...(this.holders.get(key) ?? [])];
  }

  /** The stream begins again: no copy is of use any more. */
  reset(key: string): void {
    this.holders.delete(key);
  }

  /** The stream is over. */
  forget(key: string): void {
    this.holders.delete(key);
    this.leads.delete(key);
  }

  /** The process that brings a stream to this node; null while there is none. @param writer null when it is on another node */
  leadOf(key: string, writer: string | null): string | null {
    if (writer !== null) return writer;
    const known = this.leads.get(key);
    if (known && this.workers.has(known)) return known;
    const lead = this.of(key)[0] ?? workerFor(key, [...this.workers].sort());
    if (lead) this.leads.set(key, lead);
    return lead ?? null;
  }
}

/** The copy with the newest entry; null when there is none. */
export function longest(copies: readonly ({ readonly peer: string; readonly head: LogPosition | null } | null)[]): Copy | null {
  let best: Copy | null = null;
  for (const copy of copies) {
    if (!copy?.head) continue;
    const { peer, head } = copy;
    if (!best || head.term > best.head.term || (head.term === best.head.term && head.sequence > best.head.sequence))
      best = { peer, head };
  }
  return best;
}

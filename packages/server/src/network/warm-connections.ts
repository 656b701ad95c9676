/**
 * Keeps connections open to likely upstreams, so that the first viewer of a stream does not wait for TCP and TLS handshakes over a long
 * line.
 */
import type { Duplex } from "node:stream";
import type { Clock } from "../platform/clock.ts";

/** A peer that cannot be reached, or closes the connection, is tried again after this, and each time later. */
const RETRY_MS = { first: 1000, most: 30_000 } as const;

type Slot = { socket: Duplex | null; failures: number; openedAt: number; cancel: () => void };

export class WarmConnections {
  private readonly open: (peer: string) => Duplex | null;
  private readonly clock: Clock;
  private readonly slots = new Map<string, Slot>();

  /** @param open a connection to a peer, which may still be opening; null when its address is not known */
  constructor(open: (peer: string) => Duplex | null, clock: Clock) {
    this.open = open;
    this.clock = clock;
  }

  /** Holds a connection to each of these peers from now on, and to no others. */
  hold(peers: readonly string[]): void {
    for (const [peer, slot] of this.slots) {
      if (peers.includes(peer)) continue;
      this.slots.delete(peer);
      slot.cancel();
      slot.socket?.destroy();
    }
    for (const peer of peers) {
      if (this.slots.has(peer)) continue;
      const slot: Slot = { socket: null, failures: 0, openedAt: 0, cancel: () => {} };
      this.slots.set(peer, slot);
      this.fill(peer, slot);
    }
  }

  /** Hands over the connection to a peer, which may still be opening, and opens the next. Null when there is none. */
  take(peer: string): Duplex | null {
    const slot = this.slots.get(peer);
    const socket = slot?.socket;
    if (!slot || !socket || socket.destroyed) return null;
    slot.socket = null;
    this.fill(peer, slot);
    return socket;
  }

  private fill(peer: string, slot: Slot): void {
    const socket = this.open(peer);
    slot.openedAt = this.clock.monotonic();
    if (!socket) return this.fillLater(peer, slot);
    slot.socket = socket;
    socket.on("error", () => socket.destroy());
    // The peer sends no byte before a request, but Node.js reports the end of a connection only while it is read.
    socket.resume();
    socket.on("close", () => {
      if (slot.socket !== socket) return;
      slot.socket = null;
      this.fillLater(peer, slot);
    });
  }

  private fillLater(peer: string, slot: Slot): void {
    if (this.slots.get(peer) !== slot) return;
    const stood = this.clock.monotonic() - slot.openedAt > RETRY_MS.most;
    slot.failures = stood ? 0 : slot.failures + 1;
    const wait = Math.min(RETRY_MS.first * 2 ** slot.failures, RETRY_MS.most);
    slot.cancel = this.clock.after(wait, () => this.fill(peer, slot));
  }
}

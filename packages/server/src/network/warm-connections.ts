/**
 * Connections that stand: to those from whom streams are likely to be fetched, opened before anybody wants them, so that the first viewer
 * of a stream does not wait for handshakes over a long line.
 */
import type { Duplex } from "node:stream";
import type { Clock } from "../platform/clock.ts";

/** A peer that cannot be had, or does not stay, is tried again after this, and each time later. */
const RETRY_MS = { first: 1000, most: 30_000 } as const;

type Place = { socket: Duplex | null; failures: number; openedAt: number; cancel: () => void };

export class WarmConnections {
  private readonly open: (peer: string) => Duplex | null;
  private readonly clock: Clock;
  private readonly places = new Map<string, Place>();

  /** @param open a connection to a peer, which may still be opening; null when nobody knows where it is */
  constructor(open: (peer: string) => Duplex | null, clock: Clock) {
    this.open = open;
    this.clock = clock;
  }

  /** From now on there is one to each of these, and to no others. */
  keep(peers: readonly string[]): void {
    for (const [peer, place] of this.places) {
      if (peers.includes(peer)) continue;
      this.places.delete(peer);
      place.cancel();
      place.socket?.destroy();
    }
    for (const peer of peers) {
      if (this.places.has(peer)) continue;
      const place: Place = { socket: null, failures: 0, openedAt: 0, cancel: () => {} };
      this.places.set(peer, place);
      this.fill(peer, place);
    }
  }

  /** Hands over the one to a peer, which may still be opening; the next is opened. Null when there is none. */
  take(peer: string): Duplex | null {
    const place = this.places.get(peer);
    const socket = place?.socket;
    if (!place || !socket || socket.destroyed) return null;
    place.socket = null;
    this.fill(peer, place);
    return socket;
  }

  private fill(peer: string, place: Place): void {
    const socket = this.open(peer);
    place.openedAt = this.clock.monotonic();
    if (!socket) return this.fillLater(peer, place);
    place.socket = socket;
    socket.on("error", () => socket.destroy());
    // Nothing comes as long as nobody has it, but that the other side closes is only heard while it is read.
    socket.resume();
    socket.on("close", () => {
      if (place.socket !== socket) return;
      place.socket = null;
      this.fillLater(peer, place);
    });
  }

  private fillLater(peer: string, place: Place): void {
    if (this.places.get(peer) !== place) return;
    const stood = this.clock.monotonic() - place.openedAt > RETRY_MS.most;
    place.failures = stood ? 0 : place.failures + 1;
    const wait = Math.min(RETRY_MS.first * 2 ** place.failures, RETRY_MS.most);
    place.cancel = this.clock.after(wait, () => this.fill(peer, place));
  }
}

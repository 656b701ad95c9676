/**
 * Beside each path that brings one half there is another connection, on which nothing waits: what is missing is asked for there, and comes
 * at once, though the path itself stands still for a packet that was lost.
 */
import type { Clock } from "../../../platform/clock.ts";
import type { StripeAssignment } from "./messages.ts";
import type { Path } from "./path.ts";

/** One that has ended is opened again after this. */
const RETRY_MS = 1000;

export class RepairConnection {
  private readonly open: (peer: string, ended: () => void) => Path | null;
  private readonly clock: Clock;
  private readonly paths = new Map<string, Path>();
  private readonly notBefore = new Map<string, number>();

  /** @param open null when nobody knows where the peer is */
  constructor(open: (peer: string, ended: () => void) => Path | null, clock: Clock) {
    this.open = open;
    this.clock = clock;
  }

  /** From now on there is one beside the path to each of these, and to no others. */
  keep(peers: readonly string[]): void {
    for (const [peer, path] of this.paths) {
      if (peers.includes(peer)) continue;
      this.paths.delete(peer);
      path.close();
    }
    const now = this.clock.monotonic();
    for (const peer of peers) {
      if (this.paths.has(peer) || (this.notBefore.get(peer) ?? 0) > now) continue;
      this.notBefore.set(peer, now + RETRY_MS);
      const path = this.open(peer, () => this.paths.delete(peer));
      if (path) this.paths.set(peer, path);
    }
  }

  /** Asks beside the path to a peer. False when there is none. */
  ask(peer: string, share: StripeAssignment): boolean {
    const path = this.paths.get(peer);
    path?.share(share);
    return path !== undefined;
  }
}

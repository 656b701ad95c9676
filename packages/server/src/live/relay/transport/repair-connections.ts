/**
 * Opens a second connection beside each path that delivers one stripe. Missing entries are requested there and arrive at once, although
 * the path itself waits for TCP to resend a lost packet.
 */
import type { Clock } from "../../../platform/clock.ts";
import type { StripeAssignment } from "./message-bodies.ts";
import type { Path } from "./path.ts";

/** A connection that has ended is opened again after this. */
const RETRY_MS = 1000;

export class RepairConnections {
  private readonly open: (peer: string, onEnd: () => void) => Path | null;
  private readonly clock: Clock;
  private readonly paths = new Map<string, Path>();
  private readonly notBefore = new Map<string, number>();

  /** @param open null when the peer's address is not known */
  constructor(open: (peer: string, onEnd: () => void) => Path | null, clock: Clock) {
    this.open = open;
    this.clock = clock;
  }

  /** Holds a connection to each of these peers from now on, and to no others. */
  hold(peers: readonly string[]): void {
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

  /** Sends a request beside the path to a peer. False when there is no connection. */
  request(peer: string, assignment: StripeAssignment): boolean {
    const path = this.paths.get(peer);
    path?.assign(assignment);
    return path !== undefined;
  }
}

/** Gives seats to the workers of this node, tells workers which are lost, and shares seats with other nodes. */
import type { SeatMessages, SeatNodeMessages, SeatsUpdate } from "../../access/seats/seat-messages.ts";
import type { Member } from "../../network/membership.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { SeatSharing } from "../cluster/seat-sharing.ts";
import { SeatTable } from "../cluster/seat-table.ts";
import type { NodeMethods } from "./messages.ts";
import type { Workers } from "./workers.ts";

/** Ended sessions that a new worker or node is told of. */
const MAX_ENDED = 10_000;

export class SeatHandlers {
  private readonly workers: Workers;
  private readonly table: SeatTable;
  private readonly sharing: SeatSharing;
  /** Numbers of sessions that lost their seats, in the order in which they did. */
  private readonly ended = new Set<number>();

  constructor(workers: Workers, cluster: Pick<Cluster<NodeMethods>, "self" | "members" | "tell">) {
    this.workers = workers;
    this.table = new SeatTable(
      {
        changed: (seat) => this.sharing.changed(seat),
        left: (seat) => this.sharing.left(seat),
        counted: (of) => this.sharing.counted(of),
        lost: (seat, because) => {
          if (seat.worker !== null) this.workers.channel(seat.worker)?.tell("seatLost", { id: seat.id, because });
          if (seat.session !== null) this.endSession(seat.session);
        },
      },
      systemClock,
    );
    this.sharing = new SeatSharing(this.table, {
      self: () => cluster.members()[0] ?? null,
      ended: () => this.endedSessions,
      send: (node, update) => cluster.tell(node, "seats", update),
      sendMissed: (node) => cluster.tell(node, "seatsMissed", { node: cluster.self }),
    });
  }

  /** @param worker the worker that sends the messages */
  handlers(worker: string): SeatMessages {
    return {
      takeSeat: (request) => this.table.take(worker, request),
      leaveSeat: ({ id }) => this.table.leave(id),
      nameSeat: ({ id, session, isAttended }) => {
        // Its seat was lost before the session had a name.
        if (!this.table.name(id, session, isAttended)) this.endSession(session);
      },
      restSeat: ({ id, isResting }) => this.table.rest(id, isResting),
    };
  }

  nodeHandlers(): SeatNodeMessages {
    return {
      seats: (update) => this.take(update),
      seatsMissed: ({ node }) => this.sharing.sendAll(node),
    };
  }

  /** Sessions that have no seat any more: a new worker has to know them. */
  get endedSessions(): readonly number[] {
    return [...this.ended];
  }

  /** Workers have seen requests of these sessions. */
  seen(sessions: readonly number[]): void {
    this.table.seen(sessions);
  }

  workerGone(name: string): void {
    void this.table.workerGone(name);
  }

  memberChanged(member: Member): void {
    this.sharing.memberChanged(member);
  }

  /** To be called each second. */
  poll(): void {
    this.table.sweep();
    this.sharing.poll();
  }

  private take(update: SeatsUpdate): void {
    this.noteEnded(update.ended);
    this.sharing.take(update);
  }

  private endSession(session: number): void {
    this.noteEnded([session]);
    this.sharing.ended(session);
  }

  private noteEnded(sessions: readonly number[]): void {
    if (sessions.length === 0) return;
    for (const session of sessions) this.ended.add(session);
    for (const oldest of this.ended) {
      if (this.ended.size <= MAX_ENDED) break;
      this.ended.delete(oldest);
    }
    this.workers.tell("sessionsEnded", sessions);
  }
}

/** The sockets of one room: each has a position in the log, and gets the entries after it in batches. */
import type { RoomLog } from "./room-log.ts";

/** The part of a WebSocket that a room writes to. */
export type RoomSocket = {
  /** Bytes that the socket has not taken yet. */
  readonly bufferedAmount: number;
  send(bytes: Buffer): void;
  close(code: number, reason: string): void;
};

type Member = { position: number; readonly isWithdrawn: () => string | null };

/** The limit of entries that a socket may lag behind. */
const MAX_LAG = 200;
/** RFC 6455 section 7.4.1: policy violation, for withdrawn members; try again later, for lagging ones. */
const CLOSE = { withdrawn: 1008, lagging: 1013, ended: 1001 } as const;

export class Room {
  readonly log: RoomLog;
  private readonly members = new Map<RoomSocket, Member>();

  constructor(log: RoomLog) {
    this.log = log;
  }

  get size(): number {
    return this.members.size;
  }

  /**
   * Sends a snapshot, and from then on every batch.
   * @param isWithdrawn the code of the refusal when the member may not stay; null otherwise
   */
  join(socket: RoomSocket, isWithdrawn: () => string | null): void {
    const { log } = this;
    socket.send(Buffer.from(`{"snapshot":[${log.snapshot()}],"epoch":"${log.term.epoch}","seq":${log.head}}`));
    this.members.set(socket, { position: log.head, isWithdrawn });
  }

  leave(socket: RoomSocket): void {
    this.members.delete(socket);
  }

  /** Closes sockets whose members may not stay. */
  review(): void {
    for (const [socket, { isWithdrawn }] of this.members) {
      const code = isWithdrawn();
      if (code !== null) this.dismiss(socket, CLOSE.withdrawn, code);
    }
  }

  /** Writes the entries after each position. Sockets at the same position share the bytes. */
  flush(): void {
    const batches = new Map<number, Buffer | null>();
    for (const [socket, member] of this.members) {
      const lag = this.log.head - member.position;
      if (lag === 0) continue;
      const batch = batches.get(member.position) ?? this.batch(member.position);
      batches.set(member.position, batch);
      if (lag > MAX_LAG || batch === null) this.dismiss(socket, CLOSE.lagging, "lagging");
      // A socket that has not taken the last batch keeps its position, and gets one larger batch later.
      else if (socket.bufferedAmount === 0) {
        socket.send(batch);
        member.position = this.log.head;
      }
    }
  }

  close(): void {
    for (const socket of [...this.members.keys()]) this.dismiss(socket, CLOSE.ended, "draining");
  }

  private batch(position: number): Buffer | null {
    const entries = this.log.after(position);
    return entries === null ? null : Buffer.from(`{"entries":[${entries}]}`);
  }

  private dismiss(socket: RoomSocket, code: number, reason: string): void {
    this.members.delete(socket);
    socket.close(code, reason);
  }
}

/**
 * Gives TLS handshakes their turns. One costs the server a millisecond of computing, and comes without a proof of anything: many at once would hold up everybody
 * who watches. A few are made in each turn of the event loop, networks of clients one after the other, and each network may begin only so many in a second.
 */
import type { Socket } from "node:net";
import { addressSite } from "../../platform/address.ts";
import { clientHello } from "./client-hello.ts";

/** Handshakes are begun in one turn for so long, and one at least: what a viewer waits for longer then. */
const TURN_MS = 2;
/**
 * Handshakes let so many connections come first, one in a turn of the loop as libuv accepts them: those that the kernel keeps have one queue for all networks, in
 * which somebody behind a flood would wait for all of it.
 */
const COME_FIRST = 16;
/** A client may take so long for its first message, and a handshake may wait so long for its turn. */
const HELLO_WITHIN_MS = 10_000;
/**
 * While more of a network wait than this, the one that came last is next: who comes behind the address of a flood, as a class behind that of its school, waits for
 * few of them, and what the flood left behind ends as late. So many handshakes take a tenth of a second.
 */
const FIRST_COME = 64;
/** Of all networks; beyond, connections are closed. Each has sent two kilobytes. */
const MAX_WAITING = 10_000;

export type HandshakeTurnsOptions = {
  /** Whether the client's network may begin another one now; counts it. */
  readonly admits: (socket: Socket) => boolean;
  /** Makes the handshake. What the client has sent already is still to be read. */
  readonly begin: (socket: Socket) => void;
  /** The connection is closed. late: its message did not come in time, or its turn. other: it sent something else. refused: too many of the network. */
  readonly onEnd: (socket: Socket, why: "late" | "other" | "refused") => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
};

type Waiting = { readonly socket: Socket; stop: () => void };

export class HandshakeTurns {
  private readonly options: HandshakeTurnsOptions;
  private readonly now: () => number;
  /** By network, in the order of the networks' turns; of each, in the order in which they came. */
  private readonly queues = new Map<string, Waiting[]>();
  private waitingCount = 0;
  private hasTurn = false;
  /** Connections that came since handshakes last had a turn, and before the turn of the loop that is now. */
  private came = 0;
  private cameBefore = 0;
  /** Handshakes that were begun, and connections that were closed because of a limit. */
  begun = 0;
  refused = 0;

  constructor(options: HandshakeTurnsOptions) {
    this.options = options;
    this.now = options.now ?? (() => performance.now());
  }

  /** Handshakes whose turn has not come. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** Takes a new connection, of which nothing was read. */
  take(socket: Socket): void {
    this.came++;
    const timer = setTimeout(() => end("late"), HELLO_WITHIN_MS);
    const stop = (): void => {
      clearTimeout(timer);
      socket.off("readable", read).off("close", stop).off("error", stop);
    };
    const end = (why: "late" | "other" | "refused"): void => {
      stop();
      if (why === "refused") this.refused++;
      this.options.onEnd(socket, why);
      socket.destroy();
    };
    let held = Buffer.alloc(0);
    const read = (): void => {
      const bytes: Buffer | null = socket.read();
      // An end without a byte.
      if (bytes === null) return;
      held = Buffer.concat([held, bytes]);
      const hello = clientHello(held);
      if (hello === "other") end("other");
      else if (hello === "whole") {
        socket.off("readable", read);
        // Put back while nobody listens: it would be heard again at once.
        socket.unshift(held);
        if (!this.queue({ socket, stop })) end("refused");
      }
    };
    socket.on("readable", read).on("close", stop).on("error", stop);
  }

  /** False: too many wait, or too many of its network have come. */
  private queue(waiting: Waiting): boolean {
    const network = addressSite(waiting.socket.remoteAddress ?? "");
    if (this.waitingCount >= MAX_WAITING || !this.options.admits(waiting.socket)) return false;
    const queue = this.queues.get(network);
    if (queue) queue.push(waiting);
    else this.queues.set(network, [waiting]);
    this.waitingCount++;
    this.nextTurn();
    return true;
  }

  private nextTurn(): void {
    if (this.hasTurn || this.waitingCount === 0) return;
    this.hasTurn = true;
    setImmediate(() => this.begin());
  }

  private begin(): void {
    const isComing = this.came > this.cameBefore;
    this.cameBefore = this.came;
    // The next one may wait in the kernel.
    if (isComing && this.came < COME_FIRST) return void setImmediate(() => this.begin());
    this.came = 0;
    this.cameBefore = 0;
    this.turn(this.now() + TURN_MS);
  }

  private turn(until: number): void {
    const waiting = this.shift();
    if (waiting) {
      waiting.stop();
      if (!waiting.socket.destroyed) {
        this.begun++;
        this.options.begin(waiting.socket);
      }
    }
    // `node:tls` reads what the client has sent in the next tick: what that costs is known behind it.
    process.nextTick(() => {
      if (waiting && this.now() < until) return this.turn(until);
      this.hasTurn = false;
      this.nextTurn();
    });
  }

  /** The next one of the network whose turn it is, which then goes to the end; null: none waits. */
  private shift(): Waiting | null {
    const [next] = this.queues;
    if (!next) return null;
    const [network, queue] = next;
    const waiting = (queue.length > FIRST_COME ? queue.pop() : queue.shift()) ?? null;
    this.queues.delete(network);
    if (queue.length > 0) this.queues.set(network, queue);
    this.waitingCount--;
    return waiting;
  }
}

/**
 * Reads the plainest requests of HTTP/1.1 connections without `node:http`, whose objects cost more than a playlist's answer. A connection whose
 * next request is another one goes to `node:http`, with what it has sent, and stays there.
 *
 * Limits are those of `node:http`: a head, with its small body, must be complete within `headMs`, and a connection may wait for `idleMs` for its next request.
 * Requests that follow before their answer (pipelining, RFC 9112 section 9.3.2) are answered one after the other.
 */
import type { Socket } from "node:net";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { Http1Request, Http1Response } from "./http1-exchange.ts";
import { type FieldSection, readHead } from "./http1-head.ts";
import { HeadClock, type HeadEnds } from "./response-head.ts";

export type Http1Options = {
  /** Answers a request. False: it does not, and has done nothing; the request is for `node:http`. */
  readonly answer: (request: Http1Request, response: Http1Response) => boolean;
  /** Whether `answer` will answer a request whose body has not come yet. */
  readonly waitsFor: (request: Http1Request) => boolean;
  /** Whether a connection was taken over for a stream: then it may carry nothing more from the client. */
  readonly isClaimed: (socket: Socket) => boolean;
  /** Takes a connection over for `node:http`. What was read of its next request can be read again. */
  readonly handOver: (socket: Socket) => void;
  readonly limits: Http1Limits;
  /** A connection was closed in the middle of a request. @param isLate the head did not come in time */
  readonly onHalf?: (socket: Socket, isLate: boolean) => void;
  /** Default: the system's. */
  readonly clock?: Clock;
};

/** Milliseconds. */
export type Http1Limits = {
  readonly headMs: number;
  readonly idleMs: number;
  /** What clients are told instead of `idleMs`, so that they close a connection first. */
  readonly announcedIdleMs: number;
};

/** Connections are looked through this often. */
const SWEEP_MS = 1000;
/** A connection that has sent so much ahead of its answers is not read for the time. */
const MAX_AHEAD_BYTES = 16 * 1024;
/** Requests of one connection that are answered before others have their turn. */
const MAX_IN_TURN = 16;
const ONLY_LINE_ENDS = /^[\r\n]*$/;

export class Http1Connections {
  readonly options: Http1Options;
  readonly heads: HeadClock;
  /** Seconds, counted by the sweep. */
  tick = 0;
  private readonly connections = new Set<Http1Connection>();
  /** Cancels the next sweep; null while there is no connection. */
  private stopSweeping: (() => void) | null = null;

  constructor(options: Http1Options) {
    this.options = options;
    this.heads = new HeadClock(Math.floor(options.limits.announcedIdleMs / 1000));
  }

  /** Serves a connection from its first byte on. */
  accept(socket: Socket): void {
    this.connections.add(new Http1Connection(socket, this));
    this.stopSweeping ??= this.sweepLater();
  }

  /** Closes the connections without a request. */
  closeIdle(): void {
    for (const connection of this.connections) connection.closeIfIdle();
  }

  /** A connection was closed or handed over. */
  forget(connection: Http1Connection): void {
    this.connections.delete(connection);
    if (this.connections.size > 0) return;
    this.stopSweeping?.();
    this.stopSweeping = null;
  }

  private sweepLater(): () => void {
    return (this.options.clock ?? systemClock).after(SWEEP_MS, () => this.sweep());
  }

  private sweep(): void {
    this.tick++;
    this.stopSweeping = this.sweepLater();
    const { headMs, idleMs } = this.options.limits;
    // A limit ends between its time and a second later.
    const before = { head: this.tick - Math.ceil(headMs / SWEEP_MS), idle: this.tick - Math.ceil(idleMs / SWEEP_MS) };
    for (const connection of this.connections) connection.closeIfLate(before);
  }
}

class Http1Connection {
  readonly socket: Socket;
  private readonly all: Http1Connections;
  /** The response that is not sent yet. */
  private response: Http1Response | null = null;
  /** The connection ends after the response. */
  private isLast = false;
  private fields: FieldSection | null = null;
  /** What was received of later requests, or of one that is incomplete. */
  private ahead: Buffer | null = null;
  private isIdle = false;
  /** Closed because what it waits for did not come in time. */
  private isLate = false;
  /** The response is written, and the kernel may not have all of it yet. */
  private isWritten = false;
  /** The client has closed its side. */
  private hasEnded = false;
  /** When the wait began: for the rest of a head, or for the next request. */
  private waitsSince: number;
  private inTurn = 0;

  constructor(socket: Socket, all: Http1Connections) {
    this.socket = socket;
    this.all = all;
    this.waitsSince = all.tick;
    socket.on("data", this.receive).on("end", this.end).on("error", this.fail).on("close", this.close);
  }

  get headEnds(): HeadEnds {
    return this.all.heads.current;
  }

  finish(head: Buffer, body: Buffer | null, isLast: boolean): void {
    const { socket } = this;
    this.isLast = isLast;
    this.isWritten = true;
    if (!socket.writable) return;
    if (body === null) {
      socket.write(head, this.sent);
      return;
    }
    socket.cork();
    socket.write(head);
    socket.write(body, this.sent);
    socket.uncork();
  }

  closeIfIdle(): void {
    if (this.response === null) this.socket.destroy();
  }

  /** @param before when a wait has begun that lasts too long */
  closeIfLate(before: { readonly head: number; readonly idle: number }): void {
    if (this.response !== null || this.waitsSince >= (this.isIdle ? before.idle : before.head)) return;
    this.isLate = true;
    this.socket.destroy();
  }

  private readonly receive = (bytes: Buffer): void => {
    // RFC 9112 section 9.6: nothing may follow the last request.
    if (this.isLast) return this.receiveTooMuch(bytes);
    this.inTurn = 0;
    const all = this.ahead === null ? bytes : Buffer.concat([this.ahead, bytes]);
    if (this.response === null) return this.read(all);
    if (this.all.options.isClaimed(this.socket)) return void this.socket.destroy();
    this.ahead = all;
    if (this.isFarAhead) this.socket.pause();
  };

  private receiveTooMuch(bytes: Buffer): void {
    if (this.response !== null && !ONLY_LINE_ENDS.test(bytes.toString("latin1"))) this.socket.destroy();
  }

  private read(bytes: Buffer): void {
    const head = readHead(bytes, this.fields);
    if (head === "incomplete") return this.wait(bytes);
    if (head === "other") return this.handOver(bytes);
    const end = head.length + head.bodyLength;
    if (head.isLast && bytes.length > end) return this.handOver(bytes);
    const request = new Http1Request(head, this.socket, bytes.subarray(head.length, end));
    if (bytes.length < end) return this.all.options.waitsFor(request) ? this.wait(bytes) : this.handOver(bytes);
    const response = new Http1Response(this, head);
    this.fields = head.fields;
    this.response = response;
    this.isLast = head.isLast;
    this.isWritten = false;
    this.ahead = bytes.length > end ? bytes.subarray(end) : null;
    const isAnswered = this.all.options.answer(request, response);
    if (isAnswered && this.hasEnded && !this.isWritten) this.socket.end();
    if (isAnswered && this.ahead !== null && this.all.options.isClaimed(this.socket)) this.socket.destroy();
    if (isAnswered) return;
    this.response = null;
    this.handOver(bytes);
  }

  /** Waits for the rest of a head, or of a body. */
  private wait(bytes: Buffer): void {
    if (this.hasEnded) return void this.socket.destroy();
    if (this.isIdle) this.waitsSince = this.all.tick;
    this.isIdle = false;
    this.ahead = bytes;
  }

  private readonly sent = (error?: Error | null): void => {
    if (error || this.response === null) return;
    const { response } = this;
    this.response = null;
    this.isIdle = true;
    this.waitsSince = this.all.tick;
    response.close();
    if (this.isLast) this.socket.destroySoon();
    else if (this.ahead !== null) this.readAhead();
    else if (this.hasEnded) this.socket.end();
  };

  private readAhead(): void {
    if (++this.inTurn > MAX_IN_TURN) return void setImmediate(this.continue);
    const { ahead } = this;
    if (ahead === null || this.response !== null || this.socket.destroyed) return;
    this.ahead = null;
    this.read(ahead);
    if (this.socket.isPaused() && !this.isFarAhead) this.socket.resume();
  }

  private get isFarAhead(): boolean {
    return this.ahead !== null && this.ahead.length >= MAX_AHEAD_BYTES;
  }

  private readonly continue = (): void => {
    this.inTurn = 0;
    this.readAhead();
  };

  private handOver(bytes: Buffer): void {
    const { socket } = this;
    if (this.hasEnded) return void socket.end();
    this.all.forget(this);
    socket.off("data", this.receive).off("end", this.end).off("error", this.fail).off("close", this.close);
    socket.pause();
    socket.unshift(bytes);
    this.all.options.handOver(socket);
    socket.resume();
  }

  /** The client has closed its side. Like at `node:http`, answers that wait for something are not sent to it any more. */
  private readonly end = (): void => {
    this.hasEnded = true;
    if (this.response !== null ? !this.isWritten : this.ahead === null) this.socket.end();
    else if (this.response === null && this.inTurn <= MAX_IN_TURN) this.socket.destroy();
  };

  private readonly fail = (): void => {
    this.socket.destroy();
  };

  private readonly close = (): void => {
    this.all.forget(this);
    if (this.ahead !== null && this.response === null) this.all.options.onHalf?.(this.socket, this.isLate);
    this.ahead = null;
    this.response?.close();
    this.response = null;
  };
}

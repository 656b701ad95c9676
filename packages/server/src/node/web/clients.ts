/** Identifies the clients of the HTTP port, behind proxies and other nodes, and applies the limits per address. */
import type { Socket } from "node:net";
import type { AddressLimits } from "../../access/protection/address-limits.ts";
import type { AbuseSignal } from "../../access/protection/protection-messages.ts";
import type { Client, RawRequest } from "../../live/http/media-request.ts";
import { AddressSet, clientAddress, plainAddress } from "../../platform/address.ts";
import { CLIENT_ADDRESS, UNKNOWN_PROXY } from "./proxied-headers.ts";

export type UnheardSign = Extract<AbuseSignal, "empty-connection" | "malformed" | "slow">;

export type ClientsOptions = {
  readonly limits: AddressLimits;
  readonly trustedProxies: readonly string[];
  /** Whether another node opened a connection. */
  readonly isNode: (socket: object) => boolean;
  /** Hears of connections that ended without a complete request. Default: nobody does. */
  readonly onUnheard?: (ip: string, sign: UnheardSign, about: string) => void;
};

export class Clients {
  private readonly options: ClientsOptions;
  private trusted: AddressSet;

  constructor(options: ClientsOptions) {
    this.options = options;
    this.trusted = new AddressSet(options.trustedProxies);
  }

  reload(trustedProxies: readonly string[]): void {
    this.trusted = new AddressSet(trustedProxies);
  }

  identify({ socket, headers }: RawRequest, isTls: boolean): Client {
    const isFromNode = this.options.isNode(socket);
    // The node that passes a request on has determined the client's address.
    const passedOn = isFromNode ? oneHeader(headers[CLIENT_ADDRESS]) : undefined;
    const ip = passedOn ?? clientAddress(socket.remoteAddress, oneHeader(headers["x-forwarded-for"]), this.trusted);
    const isTrusted = this.trusted.has(socket.remoteAddress ?? "");
    const isSecure = isTls || (headers["x-forwarded-proto"] === "https" && isTrusted);
    if (isFromNode) return { ip, isTls, isSecure, isFromNode, unknownProxy: oneHeader(headers[UNKNOWN_PROXY]) };
    const isForwarded = headers["x-forwarded-for"] !== undefined || headers["forwarded"] !== undefined;
    return { ip, isTls, isSecure, isFromNode, unknownProxy: isForwarded && !isTrusted ? ip : undefined };
  }

  /** Counts a request. False when its address has sent too many. */
  admitRequest({ ip, isFromNode }: Client): boolean {
    // The node that passes a request on has counted it.
    return isFromNode || this.options.limits.request(ip);
  }

  /** Counts a connection until it closes. False when its address has too many. */
  admitConnection(socket: Socket): boolean {
    const { limits } = this.options;
    const ip = plainAddress(socket.remoteAddress ?? "");
    // Clients behind a proxy share its address, and are counted by request.
    if (this.trusted.has(ip)) return true;
    if (!limits.connect(ip)) return false;
    socket.once("close", () => limits.disconnect(ip));
    return true;
  }

  /** Counts a TLS handshake. False when the site of its address makes too many. */
  admitHandshake(socket: Socket): boolean {
    const ip = plainAddress(socket.remoteAddress ?? "");
    return this.trusted.has(ip) || this.options.limits.handshake(ip);
  }

  /** A connection ended without a complete request. */
  unheard(socket: Pick<Socket, "remoteAddress">, address: string, sign: UnheardSign, about: string): void {
    const ip = plainAddress(address);
    if (!this.trusted.has(ip) && !this.options.isNode(socket)) this.options.onUnheard?.(ip, sign, about);
  }
}

function oneHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(",") : value;
}

/**
 * Provides the media descriptions (SDP, RFC 4566) of a live picture: GB/T 28181-2016 section 9.2 and annex F, with `y` and `f`; over TCP by RFC 4571
 * and 4145.
 */
import { isIP } from "node:net";
import type { MediaTransport } from "../../contracts/cameras/camera-account.ts";

export type MediaOffer = {
  /** Of the channel. */
  readonly channelId: string;
  /** Where the server receives. */
  readonly host: string;
  readonly port: number;
  readonly transport: MediaTransport;
  readonly ssrc: number;
};

export type MediaAnswer = {
  /** Where the device sends from, or waits at. */
  readonly host: string;
  readonly port: number;
  readonly ssrc: number | null;
};

const SSRC_DIGITS = 10;

/** Program stream alone is offered: a device that has the choice may else send something that is not put together in one. */
export function writeOffer({ channelId, host, port, transport, ssrc }: MediaOffer): string {
  const isTcp = transport !== "udp";
  const family = host.includes(":") ? "IP6" : "IP4";
  const lines = [
    "v=0",
    `o=${channelId} 0 0 IN ${family} ${host}`,
    "s=Play",
    `c=IN ${family} ${host}`,
    "t=0 0",
    `m=video ${port} ${isTcp ? "TCP/RTP/AVP" : "RTP/AVP"} 96`,
    "a=recvonly",
    "a=rtpmap:96 PS/90000",
    // The offer says what the server does.
    ...(isTcp ? [`a=setup:${transport === "tcp-passive" ? "passive" : "active"}`, "a=connection:new"] : []),
    `y=${shownSsrc(ssrc)}`,
    "",
  ];
  return lines.join("\r\n");
}

/** Null: it has no video that is sent. */
export function readAnswer(text: string): MediaAnswer | null {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const media = lines.findIndex((line) => /^m=video/i.test(line));
  const port = Number(/^m=video\s+(\d{1,5})/i.exec(lines[media] ?? "")?.[1] ?? 0);
  if (port < 1 || port > 65_535) return null;
  const connections = lines.flatMap((line, i) => {
    const host = /^c=IN\s+IP[46]\s+([^\s/]+)/i.exec(line)?.[1];
    return host === undefined ? [] : [{ host, i }];
  });
  // That of the video comes before that of the session.
  const own = connections.find(({ i }) => i > media) ?? connections[0];
  const ssrc = lines.flatMap((line) => /^y=\s*(\d{1,10})/.exec(line)?.[1] ?? []);
  const number = ssrc[0] === undefined ? null : Number(ssrc[0]);
  return { host: own && isPlace(own.host) ? own.host : "", port, ssrc: number !== null && number <= 0xffffffff ? number : null };
}

/** Devices behind routers write 0.0.0.0 or a name: then it is where they have registered from. */
function isPlace(host: string): boolean {
  return isIP(host) !== 0 && host !== "0.0.0.0" && host !== "::";
}

/** As `y` and the subject of the invitation have it. */
export function shownSsrc(ssrc: number): string {
  return String(ssrc).padStart(SSRC_DIGITS, "0");
}

/** Of a live picture: 0, five digits of the server's domain, and a number of its own (section 9.2, annex F). @param number 0 to 9999 */
export function liveSsrc(serverId: string, number: number): number {
  return Number(`0${serverId.slice(3, 8)}${String(number % 10_000).padStart(4, "0")}`);
}

/** Pulls MPEG-TS by SRT and UDP. */

import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { plainAddress } from "../../platform/address.ts";
import type { AddressRule } from "../../platform/public-address.ts";
import { type FfmpegEvents, startFfmpeg } from "./ffmpeg-source.ts";
import type { Source, SourceContext } from "./source.ts";
import { type Address, notAllowed } from "./source-address.ts";

type Srt = Extract<Address, { kind: "srt" }>;
type Udp = Extract<Address, { kind: "udp" }>;

/** What comes is MPEG-TS, and nothing else is tried. ffmpeg looks at so much of it, microseconds, before it begins. */
const TRANSPORT_STREAM = ["-analyzeduration", "3000000", "-fpsprobesize", "0", "-f", "mpegts"];
/** What the kernel and ffmpeg hold while this machine is busy. */
const UDP_BUFFER = { kernelBytes: 1 << 20, packets: 50_000 } as const;
const MULTICAST = /^(?:22[4-9]|23\d)\.|^ff/i;

/** @param host of a caller, looked up and allowed; of a listener, one of this machine's */
export function openSrt(
  { mode, port, options }: Srt,
  host: string,
  context: SourceContext,
  events: FfmpegEvents,
  encodeSound: boolean,
): Source {
  const { streamId, passphrase, keyBytes, latencyMs } = options;
  const args = [
    ...[...TRANSPORT_STREAM, "-protocol_whitelist", "srt", "-mode", mode],
    ...(streamId === null ? [] : ["-srt_streamid", streamId]),
    ...(passphrase === null ? [] : ["-passphrase", passphrase]),
    ...(keyBytes === null ? [] : ["-pbkeylen", String(keyBytes)]),
    ...(latencyMs === null ? [] : ["-latency", String(latencyMs * 1000)]),
    ...["-i", `srt://${inUrl(host)}:${port}`],
  ];
  return startFfmpeg(context, { args, encodeSound }, events);
}

export function openUdp({ host, port, local }: Udp, context: SourceContext, events: FfmpegEvents, encodeSound: boolean): Source {
  const isGroup = MULTICAST.test(bare(host));
  const address = isGroup ? local : bare(host);
  const bound = address === null || isWildcard(address) ? [] : ["-localaddr", address];
  const buffers = [
    "-buffer_size",
    String(UDP_BUFFER.kernelBytes),
    "-fifo_size",
    String(UDP_BUFFER.packets),
    "-overrun_nonfatal",
    "1",
  ];
  const args = [...TRANSPORT_STREAM, "-protocol_whitelist", "udp", ...buffers, ...bound, "-i", `udp://${inUrl(host)}:${port}`];
  return startFfmpeg(context, { args, encodeSound }, events);
}

/** Null when an SRT listener may wait at its address: at any of this machine. */
export function listenerProblem({ host }: Srt): JobProblem | null {
  return isOwn(host) ? null : { code: "not-allowed", detail: `${host} is no address of this machine.` };
}

/**
 * Null when UDP may be received: from a group, or at an own address, that is public or allowed. Anybody on such a network can send to it,
 * so that the operator has to name it.
 */
export function udpProblem({ host, local }: Udp, isAllowed: AddressRule): JobProblem | null {
  const address = bare(host);
  if (isIP(address) === 0) return { code: "unsupported", detail: "UDP is received at an address, not at a name." };
  if (!isAllowed(address)) return notAllowed(address);
  if (!MULTICAST.test(address) && !isOwn(address))
    return { code: "not-allowed", detail: `${address} is no address of this machine.` };
  return local === null || isOwn(local) ? null : { code: "not-allowed", detail: `${local} is no address of this machine.` };
}

function isOwn(host: string): boolean {
  const address = plainAddress(bare(host));
  const own = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((entry) => entry.address));
  return isWildcard(address) || own.includes(address);
}

function isWildcard(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

function inUrl(host: string): string {
  return isIP(bare(host)) === 6 ? `[${bare(host)}]` : host;
}

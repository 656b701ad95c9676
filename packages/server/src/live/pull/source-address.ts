/** Reads the address of a source: what speaks to it, and with which options. */
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { publicOr, resolveAllowed } from "../../platform/public-address.ts";

export type Address =
  | { readonly kind: "rtmp"; readonly url: URL }
  | { readonly kind: "http"; readonly url: URL }
  | { readonly kind: "rtsp"; readonly url: URL; readonly transport: "tcp" | "udp" }
  | {
      readonly kind: "srt";
      readonly mode: "caller" | "listener";
      readonly host: string;
      readonly port: number;
      readonly options: SrtOptions;
    }
  /** @property local the own address on whose network the group is joined; null: the system chooses */
  | { readonly kind: "udp"; readonly host: string; readonly port: number; readonly local: string | null }
  /** A camera that has registered by GB/T 28181, and one of its channels. */
  | { readonly kind: "camera"; readonly device: string; readonly channel: string }
  /** A name below the folder of `sources.files`. */
  | { readonly kind: "file"; readonly path: string };

export type SrtOptions = {
  readonly streamId: string | null;
  readonly passphrase: string | null;
  /** Bytes of the key; null: as the other side has it. */
  readonly keyBytes: number | null;
  /** Milliseconds; null: libsrt's 120. */
  readonly latencyMs: number | null;
};

/** Ports below are for the system's services. */
const LEAST_PORT = 1024;
const MAX_LATENCY_MS = 60_000;
const KEY_BYTES = [16, 24, 32];
const DEFAULT_PORTS: { readonly [protocol: string]: number } = { "rtmp:": 1935, "rtmps:": 443, "rtsp:": 554 };

/** Whether the address waits for the other side to come, instead of going to it. */
export function isPassive(address: Address): boolean {
  return address.kind === "udp" || (address.kind === "srt" && address.mode === "listener");
}

export function portOf({ port, protocol }: URL): number {
  return port === "" ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port);
}

/**
 * Where a URL leads now: the first of its addresses that may be connected to.
 * @param allow networks that are allowed besides public addresses
 */
export async function addressOf(
  url: URL,
  allow: readonly string[],
): Promise<{ readonly host: string; readonly port: number } | JobProblem> {
  const found = await resolveAllowed(url.hostname, publicOr(allow));
  if (found.kind === "unknown") return { code: "unreachable", detail: found.cause.message };
  const [first] = found.kind === "addresses" ? found.addresses : [];
  return first ? { host: first.address, port: portOf(url) } : notAllowed(url.hostname);
}

export function notAllowed(host: string): JobProblem {
  return { code: "not-allowed", detail: `${host} is in a private network that sources.allowedNetworks does not have.` };
}

/** The problem `unsupported` when it is no address of a source. */
export function readAddress(text: string): Address | JobProblem {
  if (/^file:/i.test(text)) return readFile(text);
  if (!URL.canParse(text)) return unsupported("This is no address.");
  const url = new URL(text);
  switch (url.protocol) {
    case "rtmp:":
    case "rtmps:":
      return { kind: "rtmp", url };
    case "http:":
    case "https:":
      return { kind: "http", url };
    case "rtsp:":
      return readRtsp(url);
    case "srt:":
      return readSrt(url, parametersOf(text));
    case "udp:":
      return readUdp(url, parametersOf(text));
    case "gb28181:":
      return readCamera(text);
    default:
      return unsupported(`Nothing is pulled by ${url.protocol}`);
  }
}

export function isProblem(value: Address | JobProblem): value is JobProblem {
  return "code" in value;
}

function readRtsp(url: URL): Address | JobProblem {
  const transport = url.searchParams.get("transport");
  if (transport !== null && transport !== "tcp" && transport !== "udp") return unsupported("The transport is tcp or udp.");
  const plain = new URL(url);
  // Ours, and not the camera's; its own parameters stay as they are written.
  const rest = url.search.slice(1).split("&");
  plain.search = rest.filter((parameter) => !parameter.startsWith("transport=")).join("&");
  return { kind: "rtsp", url: plain, transport: transport ?? "tcp" };
}

function readSrt(url: URL, parameters: ReadonlyMap<string, string>): Address | JobProblem {
  const mode = parameters.get("mode") ?? "caller";
  if (mode !== "caller" && mode !== "listener") return unsupported("The mode of SRT is caller or listener.");
  if (url.port === "") return unsupported("The address has no port.");
  const port = Number(url.port);
  if (mode === "listener" && port < LEAST_PORT) return unsupported(`A port to listen at is ${LEAST_PORT} or higher.`);
  const latencyMs = numberOf(parameters, "latency");
  if (latencyMs !== null && !(latencyMs <= MAX_LATENCY_MS))
    return unsupported(`The latency is in milliseconds, at most ${MAX_LATENCY_MS}.`);
  const keyBytes = numberOf(parameters, "pbkeylen");
  if (keyBytes !== null && !KEY_BYTES.includes(keyBytes))
    return unsupported(`The length of the key is one of ${KEY_BYTES.join(", ")}.`);
  const options = {
    streamId: parameters.get("streamid") ?? null,
    passphrase: parameters.get("passphrase") ?? null,
    keyBytes,
    latencyMs,
  };
  return { kind: "srt", mode, host: url.hostname, port, options };
}

function readUdp(url: URL, parameters: ReadonlyMap<string, string>): Address | JobProblem {
  const port = Number(url.port);
  if (!(port >= LEAST_PORT)) return unsupported(`A port to listen at is ${LEAST_PORT} or higher.`);
  return { kind: "udp", host: url.hostname, port, local: parameters.get("localaddr") ?? null };
}

function readCamera(text: string): Address | JobProblem {
  const [, device, channel] = /^gb28181:\/\/(\d{20})\/(\d{20})$/i.exec(text) ?? [];
  if (device === undefined || channel === undefined)
    return unsupported("The address is gb28181://DEVICE/CHANNEL, with 20 digits each.");
  return { kind: "camera", device, channel };
}

function readFile(text: string): Address | JobProblem {
  const path = decoded(text.slice("file:".length));
  if (path.includes("\0")) return unsupported("This is no name of a file.");
  // Of file:///a/b and file:a/b.
  return { kind: "file", path: path.replace(/^\/\/+(?=\/)/, "") };
}

/** A fragment is a part of the query: stream ids of SRT begin with `#!::`, and are seldom escaped. */
function parametersOf(text: string): ReadonlyMap<string, string> {
  const at = text.indexOf("?");
  const pairs = at === -1 ? [] : text.slice(at + 1).split("&");
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf("=");
      return equals === -1 ? [decoded(pair), ""] : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))];
    }),
  );
}

/** Null where it is absent; NaN where it is no whole number. */
function numberOf(parameters: ReadonlyMap<string, string>, name: string): number | null {
  const text = parameters.get(name);
  if (text === undefined) return null;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unsupported(detail: string): JobProblem {
  return { code: "unsupported", detail };
}

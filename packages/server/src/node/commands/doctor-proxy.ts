/** Checks for `lectern doctor` whether a reverse proxy is before the server that `trustedProxies` does not name. */
import { readFileSync } from "node:fs";
import type { Config } from "../../platform/config/schema.ts";
import type { Finding } from "./doctor-operators.ts";

type ProxyConfig = Pick<Config, "http" | "trustedProxies">;

/** Ports at which a reverse proxy listens. */
const WEB_PORTS = [80, 443];
/** State of a socket in /proc/net/tcp: it listens. */
const LISTENS = "0A";
const CONSEQUENCE =
  'its clients share one address and its limits, cookies lack Secure, links are http://, and /metrics needs the token through it: trustedProxies: ["127.0.0.1"] for a proxy on this machine (docs/https.md)';

/** @param listening the TCP ports of this machine at which something listens */
export function checkProxy({ http, trustedProxies }: ProxyConfig, listening: ReadonlySet<number> = listeningPorts()): Finding[] {
  if (trustedProxies.length > 0) return [{ state: "good", what: `proxies: ${trustedProxies.join(", ")}` }];
  const others = WEB_PORTS.filter((port) => listening.has(port) && port !== http.port && port !== http.tls?.port);
  if (http.tls === null && http.publicUrl.startsWith("https:"))
    return [advice(`http.publicUrl is HTTPS, which this server does not serve, and trustedProxies names no proxy`)];
  return others.length === 0
    ? []
    : [
        advice(
          `another program listens on port ${others.join(" and ")}, and trustedProxies is empty: if it is a proxy for this server, name it`,
        ),
      ];
}

function advice(what: string): Finding {
  return { state: "advice", what, fix: CONSEQUENCE };
}

function listeningPorts(): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"])
    for (const line of read(file).split("\n").slice(1)) {
      const [, local = "", , state] = line.trim().split(/\s+/);
      if (state === LISTENS) ports.add(Number.parseInt(local.split(":").at(-1) ?? "", 16));
    }
  return ports;
}

/** Other systems do not have the file. */
function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

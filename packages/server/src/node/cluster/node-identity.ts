/** Chooses a node's name and address where the configuration has none. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Config } from "../../platform/config/schema.ts";

/** The configured name, or a generated one that is kept in the data directory. */
export function nodeId({ cluster, dataDir }: Config): string {
  if (cluster.node.id !== "auto") return cluster.node.id;
  const path = join(dataDir, "node-id");
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const host = hostname()
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .slice(0, 40);
  const generated = `${host}-${randomBytes(3).toString("hex")}`;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, `${generated}\n`);
  return generated;
}

/** The address at which other nodes most likely reach this machine. */
export function ownAddress({ cluster, http }: Config): string {
  for (const bound of [cluster.host, http.host]) if (bound !== "0.0.0.0" && bound !== "::") return bound;
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = all.filter(({ internal }) => !internal);
  return (outside.find(({ family }) => family === "IPv4") ?? outside[0])?.address ?? "127.0.0.1";
}

/** A host in a URL: IPv6 addresses have brackets there. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Generates the secret of signed links where none is configured. It is kept in the data directory; nodes of a cluster derive the same one. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import type { Config } from "../../platform/config/schema.ts";
import { derivedSecret } from "../../platform/secrets.ts";

const FILE = "link-secret";

/** Adds a secret to a configuration without one. */
export function withLinkSecret(config: Config): Config {
  if (config.secrets.links.length > 0) return config;
  const { secret } = config.cluster;
  const links = [secret === "" ? keptSecret(config.dataDir) : derivedSecret("links", secret).toString("base64url")];
  return { ...config, secrets: { ...config.secrets, links } };
}

/** The secret that the server with this configuration signs with. @throws ConfigError */
export function linkSecret(sources: ConfigSources): string {
  return withLinkSecret(loadConfig(sources)).secrets.links[0] ?? "";
}

function keptSecret(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, FILE);
  try {
    // Fails when another start has created the file.
    writeFileSync(file, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8").trim();
}

/**
 * Generates the server's own secrets where none are configured: the one of signed links, and the one that encrypts secrets in the database. They are
 * kept in the data directory; nodes of a cluster derive the same ones. The second is wrapped by a key management service where one is configured.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EncryptionSettings } from "../../platform/config/encryption-schema.ts";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import type { Config } from "../../platform/config/schema.ts";
import { derivedSecret } from "../../platform/secrets.ts";
import { isWrapped, unwrapSecret, wrapSecret } from "./key-command.ts";

const LINKS_FILE = "link-secret";
const ENCRYPTION_FILE = "encryption-secret";

/** Adds the secrets that a configuration does not name. */
export function withServerSecrets(config: Config): Config {
  return { ...config, secrets: { links: linkSecrets(config), encryption: encryptionSecrets(config) } };
}

/** The secret that the server with this configuration signs with. @throws ConfigError */
export function linkSecret(sources: ConfigSources): string {
  return linkSecrets(loadConfig(sources))[0] ?? "";
}

/**
 * The secrets for those in the database; the first encrypts. Those that encrypted before another one was configured go on decrypting.
 */
export function encryptionSecrets(config: Config): string[] {
  const known = knownEncryptionSecrets(config);
  return known.length > 0 ? known : [keptEncryptionSecret(config.dataDir, config.encryption)];
}

/** Those that are there: none is generated. */
export function knownEncryptionSecrets({ secrets, cluster, dataDir, encryption }: Config): string[] {
  const derived = cluster.secret === "" ? [] : [derivedSecret("encryption", cluster.secret).toString("base64url")];
  const before = [...secrets.encryption.map((secret) => unwrapSecret(encryption, secret)), ...derived];
  return existsSync(join(dataDir, ENCRYPTION_FILE)) ? [...before, keptEncryptionSecret(dataDir, encryption)] : before;
}

/** A secret that is in the open is wrapped, where a service is configured. */
function keptEncryptionSecret(dataDir: string, settings: EncryptionSettings): string {
  const kept = keptSecret(dataDir, ENCRYPTION_FILE);
  if (isWrapped(kept) || settings.kmsCommand.length === 0) return unwrapSecret(settings, kept);
  const file = join(dataDir, ENCRYPTION_FILE);
  writeFileSync(`${file}.new`, wrapSecret(settings, kept), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return kept;
}

function linkSecrets({ secrets, cluster: { secret }, dataDir }: Config): string[] {
  if (secrets.links.length > 0) return secrets.links;
  return [secret === "" ? keptSecret(dataDir, LINKS_FILE) : derivedSecret("links", secret).toString("base64url")];
}

function keptSecret(dataDir: string, name: string): string {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, name);
  try {
    // Fails when another start has created the file.
    writeFileSync(file, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8").trim();
}

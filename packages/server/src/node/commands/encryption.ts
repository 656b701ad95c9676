/**
 * Runs `lectern encryption`: the data keys of the running server and how far the data of people is encrypted, by its admin socket; with `rotate`, by a new key.
 * `lectern encryption wrap` makes a secret for `secrets.encryption` that a key management service has wrapped.
 */
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { newSecret } from "../../platform/secrets.ts";
import type { EncryptionStatus } from "../../school/school.ts";
import { callServer } from "../ipc/admin-socket.ts";
import { wrapSecret } from "./key-command.ts";
import { UsageError } from "./start-refusal.ts";
import { writeTable } from "./table.ts";

export type EncryptionOptions = { readonly rotate: boolean; readonly json: boolean };

/** Exit code 1: no server runs, or there is no key to rotate. */
export async function encryption(sources: ConfigSources, { rotate, json }: EncryptionOptions): Promise<number> {
  const { dataDir } = loadConfig(sources);
  const status = await callServer(dataDir, "encryption", { rotate });
  if (!status) {
    process.stderr.write(`lectern: no server runs with ${dataDir}\n`);
    return 1;
  }
  if (json) process.stdout.write(`${JSON.stringify(status, null, 2)}\n`);
  else print(status);
  return 0;
}

/** @throws StartRefusal */
export function wrapNewSecret(sources: ConfigSources): number {
  const settings = loadConfig(sources).encryption;
  if (settings.kmsCommand.length === 0) throw new UsageError("lectern encryption wrap needs encryption.kmsCommand");
  process.stdout.write(`${wrapSecret(settings, newSecret())}\n`);
  return 0;
}

function print({ atRest, keys, progress }: EncryptionStatus): void {
  if (keys.length > 0)
    writeTable([
      ["KEY", "STATE", "WRAPPED BY", "CREATED", "IN FORCE SINCE"],
      ...keys.map(({ id, state, wrappedBy, createdAt, activeAt }) => [id, state, wrappedBy, createdAt, activeAt]),
    ]);
  process.stdout.write(`${words(atRest, progress)}\n`);
}

function words(atRest: boolean, progress: EncryptionStatus["progress"]): string {
  if (!progress) return "encryption.atRest is off, and nothing is encrypted";
  const { finishedAt, columns, ofColumns, values } = progress;
  const direction = atRest ? "encrypted" : "decrypted";
  if (finishedAt) return `everything is ${direction} since ${finishedAt}: ${values} values were changed`;
  return `${columns} of ${ofColumns} columns were looked through, ${values} values ${direction} so far`;
}

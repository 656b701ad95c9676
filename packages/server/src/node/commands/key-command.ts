/**
 * Has a key management service wrap and unwrap the server's secret, by a program of the operator (`encryption.kmsCommand`): `PROGRAM … wrap` and
 * `PROGRAM … unwrap` read one line and print one. The wrapped secret is on the disk as `kms1:NAME:…`; NAME is that of the secret in encrypted values, so that a
 * program that answers with something else is noticed.
 */
import { spawnSync } from "node:child_process";
import type { EncryptionSettings } from "../../platform/config/encryption-schema.ts";
import { SecretBox } from "../../platform/secret-box.ts";
import { StartRefusal } from "./start-refusal.ts";

export type KeyCommand = Pick<EncryptionSettings, "kmsCommand" | "kmsSeconds">;

const WRAPPED = /^kms1:([\w-]{8}):(\S+)$/;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Of this process: a reload of the configuration asks for nothing that was answered. */
const known = new Map<string, string>();

export function isWrapped(text: string): boolean {
  return text.startsWith("kms1:");
}

/** @returns `kms1:NAME:…`. @throws StartRefusal */
export function wrapSecret(settings: KeyCommand, secret: string): string {
  const blob = run(settings, "wrap", secret);
  const wrapped = `kms1:${SecretBox.nameOf(secret)}:${blob}`;
  if (!WRAPPED.test(wrapped)) throw refusal(settings, "wrap", "printed nothing, or more than one line without spaces");
  if (blob.includes(secret)) throw refusal(settings, "wrap", "printed the secret itself");
  // What cannot be unwrapped again would be lost.
  unwrapSecret(settings, wrapped);
  return wrapped;
}

/** @param wrapped `kms1:NAME:…`; a secret in the open is returned as it is. @throws StartRefusal */
export function unwrapSecret(settings: KeyCommand, wrapped: string): string {
  if (!isWrapped(wrapped)) return wrapped;
  const before = known.get(wrapped);
  if (before !== undefined) return before;
  const [, name, blob = ""] = WRAPPED.exec(wrapped) ?? [];
  if (name === undefined) throw new StartRefusal("the server's wrapped secret is cut short or damaged; copy it from a backup");
  if (settings.kmsCommand.length === 0)
    throw new StartRefusal(
      `the server's secret ${name} is wrapped by a key management service; set encryption.kmsCommand, which unwraps it`,
    );
  const secret = run(settings, "unwrap", blob);
  if (SecretBox.nameOf(secret) !== name) throw refusal(settings, "unwrap", `answered with another secret than ${name}`);
  known.set(wrapped, secret);
  return secret;
}

function run(settings: KeyCommand, action: "wrap" | "unwrap", line: string): string {
  const [program = "", ...rest] = settings.kmsCommand;
  const { error, status, signal, stdout, stderr } = spawnSync(program, [...rest, action], {
    input: `${line}\n`,
    encoding: "utf8",
    timeout: settings.kmsSeconds * 1000,
    killSignal: "SIGKILL",
    maxBuffer: MAX_ANSWER_BYTES,
  });
  const code = error && "code" in error ? error.code : null;
  if (code === "ETIMEDOUT") throw refusal(settings, action, `has not answered within ${settings.kmsSeconds} s`);
  // A program that ends without having read everything is judged by what it answers.
  if (error && code !== "EPIPE") throw refusal(settings, action, `cannot be run (${error.message})`);
  if (status !== 0) throw refusal(settings, action, `ended with ${signal ?? `exit code ${status}`}${firstLine(stderr)}`);
  return stdout.trim();
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n", 1);
  return line === "" ? "" : `: ${line.slice(0, 200)}`;
}

function refusal({ kmsCommand: [program = ""] }: KeyCommand, action: string, what: string): StartRefusal {
  return new StartRefusal(
    `the program of encryption.kmsCommand, ${program} … ${action}, ${what}; without its secret the server does not start`,
  );
}

/** Tests that a key management service wraps and unwraps the server's secret, and that what it does wrong is refused with words. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { configSchema } from "../../platform/config/schema.ts";
import { SecretBox } from "../../platform/secret-box.ts";
import { isWrapped, type KeyCommand, unwrapSecret, wrapSecret } from "./key-command.ts";
import { encryptionSecrets } from "./server-secrets.ts";
import { StartRefusal } from "./start-refusal.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-kms-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const reversed = (text: string): string => [...text].reverse().join("");
const wrappedBy = (secret: string, blob = reversed(secret)): string => `kms1:${SecretBox.nameOf(secret)}:${blob}`;
/** Reverses the letters, so that the secret itself is on no disk; a real one asks a service. */
const HONEST = `read -r line; printf '%s' "$line" | rev`;

let programs = 0;
/** A program of an operator. */
function service(body: string, kmsSeconds = 30): KeyCommand {
  const program = join(directory, `kms-${++programs}.sh`);
  writeFileSync(program, `#!/bin/sh\n${body}\n`);
  chmodSync(program, 0o700);
  return { kmsCommand: [program], kmsSeconds };
}

/** Why a secret is not given; the words say nothing of the secret. */
function refusalOf(secret: string, settings: KeyCommand, wrapped = wrappedBy(secret)): string {
  let words = "";
  assert.throws(
    () => unwrapSecret(settings, wrapped),
    (error) => {
      words = error instanceof StartRefusal ? error.message : "";
      return error instanceof StartRefusal;
    },
  );
  assert.ok(!words.includes(secret), words);
  return words;
}

test("a secret that was there before the service is wrapped in its file, and is the server's as before", () => {
  const { kmsCommand } = service(HONEST);
  const dataDir = mkdtempSync(join(directory, "data-"));
  const file = join(dataDir, "encryption-secret");
  writeFileSync(file, "a-secret-that-was-there-before");
  const config = configSchema.parse({ dataDir, encryption: { kmsCommand } });
  assert.deepEqual(encryptionSecrets(config), ["a-secret-that-was-there-before"]);
  assert.equal(readFileSync(file, "utf8"), wrappedBy("a-secret-that-was-there-before"));
  assert.deepEqual(encryptionSecrets(config), ["a-secret-that-was-there-before"]);
});

test("a secret is unwrapped, and one in the open is what it is", () => {
  assert.equal(unwrapSecret(service(HONEST), wrappedBy("asked-for-at-a-start")), "asked-for-at-a-start");
  assert.equal(unwrapSecret(service("exit 1"), "in the open"), "in the open");
  assert.equal(isWrapped("in the open"), false);
});

test("a service that hangs, fails, lies or is not there is refused with words", () => {
  assert.match(refusalOf("of-one-that-hangs", service("exec sleep 60", 0.2)), /has not answered within 0.2 s/);
  assert.match(refusalOf("of-one-that-fails", service("echo no key here >&2; exit 3")), /ended with exit code 3: no key here/);
  assert.match(refusalOf("of-one-that-lies", service("echo another-secret")), /answered with another secret/);
  assert.match(refusalOf("of-one-that-says-nothing", service("true")), /answered with another secret/);
  assert.match(refusalOf("of-none", { kmsCommand: [join(directory, "none")], kmsSeconds: 30 }), /cannot be run/);
});

test("without its service, or cut short, a wrapped secret is refused with what to do", () => {
  const none: KeyCommand = { kmsCommand: [], kmsSeconds: 30 };
  assert.match(refusalOf("without-a-service", none), /set encryption\.kmsCommand/);
  assert.match(refusalOf("cut-short", service(HONEST), "kms1:cut"), /cut short or damaged/);
});

test("nothing is wrapped by a service that gives the secret itself, nothing, or what it cannot unwrap", () => {
  assert.throws(() => wrapSecret(service("cat"), "printed-as-it-is"), /printed the secret itself/);
  assert.throws(() => wrapSecret(service("true"), "lost"), /printed nothing, or more than one line/);
  assert.throws(() => wrapSecret(service("echo the-same-always"), "not-unwrapped-again"), /answered with another secret/);
});

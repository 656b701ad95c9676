/** Virus scanners: a command, and ClamAV's daemon. What they find is refused, and one that fails lets nothing through. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { MaterialFailure } from "./problem.ts";
import { type Scanner, scanFile } from "./scanner.ts";

const MARK = "INFECTED";
/** Of several reads of the file. */
const LARGE = Buffer.concat([Buffer.alloc(300_000, "x"), Buffer.from(MARK)]);
const COMMAND = ["sh", "-c", `if grep -qF ${MARK} "$1"; then exit 1; fi`, "sh", "{file}"];

/** What a scanner says of a file without and of one with the mark. */
async function results(t: TestContext, scanner: Partial<Scanner>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-scanner-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  for (const [name, bytes] of [
    ["clean", Buffer.from("clean")],
    ["infected", LARGE],
  ] as const) {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const problem = await scanFile({ command: [], clamd: "", ...scanner }, path).then(
      () => "let through",
      (error: unknown) => (error instanceof MaterialFailure ? error.problem : String(error)),
    );
    said.push(problem);
  }
  return said;
}

/** A daemon that answers what it is sent. Gives its address, and all that it was sent. */
async function startClamd(t: TestContext, answer: (bytes: Buffer) => string) {
  const sent: Buffer[] = [];
  const clamd = createServer((socket) => {
    const pieces: Buffer[] = [];
    socket.on("data", (bytes) => {
      pieces.push(bytes);
      const all = Buffer.concat(pieces);
      // INSTREAM ends with a chunk of no bytes.
      if (all.readUInt32BE(all.length - 4) !== 0) return;
      sent.push(all);
      socket.end(answer(all));
    });
  });
  await new Promise<void>((resolve) => clamd.listen(0, "127.0.0.1", resolve));
  t.after(() => clamd.close());
  const address = clamd.address();
  assert.ok(typeof address === "object" && address);
  return { address: `127.0.0.1:${address.port}`, sent };
}

/** The bytes of INSTREAM's chunks. */
function streamOf(sent: Buffer): Buffer {
  const head = "zINSTREAM\0";
  assert.equal(sent.toString("latin1", 0, head.length), head);
  const chunks: Buffer[] = [];
  for (let at = head.length; ; ) {
    const length = sent.readUInt32BE(at);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(sent.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
}

test("a command is given the path; its exit code 1 is a find, and any other than 0 a failure", async (t) => {
  assert.deepEqual(await results(t, { command: COMMAND }), ["let through", "virus-found"]);
  assert.deepEqual(await results(t, { command: ["sh", "-c", "exit 2"] }), ["scanner-failed", "scanner-failed"]);
  assert.deepEqual(await results(t, { command: ["no-such-scanner"] }), ["scanner-failed", "scanner-failed"]);
});

test("ClamAV's daemon is sent the whole file, and its word counts", async (t) => {
  const { address, sent } = await startClamd(t, (bytes) =>
    bytes.includes(MARK) ? "stream: Test-Signature FOUND\0" : "stream: OK\0",
  );
  assert.deepEqual(await results(t, { clamd: address }), ["let through", "virus-found"]);
  assert.deepEqual(sent.map(streamOf), [Buffer.from("clean"), LARGE]);
});

test("a daemon that says neither, or is not there, lets nothing through", async (t) => {
  const { address } = await startClamd(t, () => "INSTREAM size limit exceeded. ERROR\0");
  assert.deepEqual(await results(t, { clamd: address }), ["scanner-failed", "scanner-failed"]);
  assert.deepEqual(await results(t, { clamd: "/nowhere/clamd.sock" }), ["scanner-failed", "scanner-failed"]);
});

test("where both are configured, both look", async (t) => {
  const { address } = await startClamd(t, () => "stream: OK\0");
  assert.deepEqual(await results(t, { clamd: address, command: COMMAND }), ["let through", "virus-found"]);
});

test("without a scanner everything is let through", async (t) => {
  assert.deepEqual(await results(t, {}), ["let through", "let through"]);
});

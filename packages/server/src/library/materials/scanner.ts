/**
 * Has a virus scanner look at a file before anything else reads it: a command of the operator's, or ClamAV's daemon (clamd(8), INSTREAM). A scanner
 * that fails lets nothing through.
 */
import { createReadStream } from "node:fs";
import { connect } from "node:net";
import type { Config } from "../../platform/config/schema.ts";
import { runProgram } from "../../platform/jobs/run-process.ts";
import { MaterialFailure } from "./problem.ts";

export type Scanner = Config["materials"]["scanner"];

const WITHIN_MS = 120_000;
const MAX_OUTPUT = 64 * 1024;
/** The exit code of clamscan(1), clamdscan(1) and others for a file in which they found something. */
const FOUND = 1;

/** Where both are configured, both look. @throws MaterialFailure virus-found, scanner-failed */
export async function scanFile({ command, clamd }: Scanner, path: string): Promise<void> {
  if (clamd !== "") await askClamd(clamd, path);
  if (command.length > 0) await runCommand(command, path);
}

async function runCommand(words: readonly string[], path: string): Promise<void> {
  const [command = "", ...args] = words.map((word) => word.replaceAll("{file}", path));
  const run = await runProgram({ command, args, withinMs: WITHIN_MS, maxBytes: MAX_OUTPUT });
  if (run.output !== null) return;
  if (run.code === FOUND) throw new MaterialFailure("virus-found", run.stderr);
  throw new MaterialFailure("scanner-failed", run.stopped ?? run.stderr);
}

/** @param address a path, or HOST:PORT */
async function askClamd(address: string, path: string): Promise<void> {
  const answer = await sendStream(address, path).catch((error: unknown) => {
    throw new MaterialFailure("scanner-failed", String(error), { cause: error });
  });
  if (/: OK\0?\s*$/.test(answer)) return;
  if (/ FOUND\0?\s*$/.test(answer)) throw new MaterialFailure("virus-found", answer);
  throw new MaterialFailure("scanner-failed", answer || "no answer");
}

/** Sends the file in chunks, each with its length before it; a length of 0 ends it. */
async function sendStream(address: string, path: string): Promise<string> {
  const place = /^(.+):(\d+)$/.exec(address);
  const socket = place ? connect(Number(place[2]), place[1]) : connect(address);
  socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error("clamd does not answer")));
  const answered = new Promise<string>((resolve, reject) => {
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text = `${text}${bytes}`.slice(-MAX_OUTPUT);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
  answered.catch(() => {});
  socket.write("zINSTREAM\0");
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    // clamd closes early where it takes no more, and says why.
    if (socket.destroyed || socket.writableEnded) break;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    if (!socket.write(Buffer.concat([length, chunk]))) {
      await new Promise<void>((resolve) => {
        socket.once("drain", resolve);
        socket.once("close", () => resolve());
      });
    }
  }
  if (!socket.destroyed) socket.write(Buffer.alloc(4));
  return await answered;
}

/**
 * Runs `lectern drain`: moves the clients of this node to other nodes, as `POST /api/v1/nodes/ID/drain` does, and waits until they have gone. Kubernetes
 * calls it before it stops a node (`preStop`), and whatever else shrinks a cluster can.
 */
import { setTimeout } from "node:timers/promises";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { callServer } from "../ipc/admin-socket.ts";
import { UsageError } from "./start-refusal.ts";

export type DrainOptions = {
  /** How long to wait for clients to go, as it was typed. */
  readonly seconds: string | undefined;
  /** Ends the drain instead. */
  readonly undo: boolean;
};

/** A drain moves everybody within seven seconds, and origins take streams over meanwhile. */
const DEFAULT_SECONDS = 45;
const POLL_MS = 200;

/** @returns the exit code: 1 where clients are still there after the time, or no server runs */
export async function drain(sources: ConfigSources, options: DrainOptions): Promise<number> {
  const { dataDir } = loadConfig(sources);
  const { exitCode, text } = await drained(dataDir, options);
  (exitCode === 1 && text.startsWith("lectern:") ? process.stderr : process.stdout).write(`${text}\n`);
  return exitCode;
}

/** What the command says, and its exit code. @throws UsageError */
export async function drained(dataDir: string, { seconds, undo }: DrainOptions): Promise<{ exitCode: 0 | 1; text: string }> {
  const limit = seconds === undefined ? DEFAULT_SECONDS : Number(seconds);
  if (!Number.isFinite(limit) || limit < 0) throw new UsageError(`--seconds wants a number, not "${seconds}"`);
  const nodes = await callServer(dataDir, "nodes", {});
  if (!nodes) return { exitCode: 1, text: `lectern: no server runs with ${dataDir}` };
  if (undo) {
    await callServer(dataDir, "drain", { draining: false });
    return { exitCode: 0, text: "the drain is over: new clients are admitted" };
  }
  const [, ...others] = nodes;
  if (!others.some(({ state }) => state === "up")) return { exitCode: 0, text: "no other node is up, nothing is moved" };
  await callServer(dataDir, "drain", { draining: true });
  const until = performance.now() + limit * 1000;
  for (;;) {
    const clients = await callServer(dataDir, "clients", {});
    if (!clients || (clients.publishers === 0 && clients.viewers === 0))
      return { exitCode: 0, text: "drained: no clients are left" };
    if (performance.now() >= until) {
      const { publishers, viewers } = clients;
      return { exitCode: 1, text: `still here after ${limit} s: ${publishers} publishers, ${viewers} viewers` };
    }
    await setTimeout(POLL_MS);
  }
}

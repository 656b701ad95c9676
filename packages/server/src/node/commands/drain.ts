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
export async function drain(sources: ConfigSources, { seconds, undo }: DrainOptions): Promise<number> {
  const limit = seconds === undefined ? DEFAULT_SECONDS : Number(seconds);
  if (!Number.isFinite(limit) || limit < 0) throw new UsageError(`--seconds wants a number, not "${seconds}"`);
  const { dataDir } = loadConfig(sources);
  const nodes = await callServer(dataDir, "nodes", {});
  if (!nodes) {
    process.stderr.write(`lectern: no server runs with ${dataDir}\n`);
    return 1;
  }
  if (undo) {
    await callServer(dataDir, "drain", { draining: false });
    process.stdout.write("the drain is over: new clients are admitted\n");
    return 0;
  }
  const [, ...others] = nodes;
  if (!others.some(({ state }) => state === "up")) {
    process.stdout.write("no other node is up, nothing is moved\n");
    return 0;
  }
  await callServer(dataDir, "drain", { draining: true });
  const until = performance.now() + limit * 1000;
  for (;;) {
    const clients = await callServer(dataDir, "clients", {});
    if (!clients || (clients.publishers === 0 && clients.viewers === 0)) {
      process.stdout.write("drained: no clients are left\n");
      return 0;
    }
    if (performance.now() >= until) {
      process.stdout.write(`still here after ${limit} s: ${clients.publishers} publishers, ${clients.viewers} viewers\n`);
      return 1;
    }
    await setTimeout(POLL_MS);
  }
}

/**
 * The supervisor: starts the media workers and the control process, starts again what dies, and passes on what they ask each other.
 * It holds no logic but the registry of who writes which stream, so that there is little in it that could fail.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Registry } from "../live/relay/registry.ts";
import { systemClock } from "../platform/clock.ts";
import type { Config } from "../platform/config/schema.ts";
import type { Logger } from "../platform/log.ts";
import { Refusal } from "../platform/refusal.ts";
import { ChildProcess } from "./child-process.ts";
import type { ControlMethods, Drained, SupervisorMethods, WorkerMethods } from "./messages.ts";

export type SupervisorOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly adminToken: string | null;
  /** Where the built pages are. */
  readonly pages: string;
};

export type Supervisor = {
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** Applies what can change while running. */
  readonly reload: (config: Config) => void;
  /** Takes nobody new, tells everybody who is there, and ends. Gives how many publishers and viewers it was. */
  readonly drain: () => Promise<Drained>;
};

export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { log, adminToken, pages } = options;
  let config = options.config;
  const httpPort = await freePort(config.http.host, config.http.port);
  const rtmpPort = await freePort(config.rtmp.host, config.rtmp.port);
  if (config.http.tls) await freePort(config.http.host, config.http.tls.port);
  if (config.rtmp.tls) await freePort(config.rtmp.host, config.rtmp.tls.port);
  const directory = mkdtempSync(join(tmpdir(), "lectern-"));
  const secret = randomBytes(32);
  const workers = new Map<string, ChildProcess<WorkerMethods>>();
  const viewers = new Map<string, number>();
  const ofWorker = (name: string) => {
    const worker = workers.get(name);
    if (!worker) throw new Error(`there is no worker ${name}`);
    return worker.channel;
  };
  const registry = new Registry(
    {
      yield: async (peer, app, name, to) => ofWorker(peer).call("yield", { app, name, to }),
      newest: async (peer, app, name) => ofWorker(peer).call("newest", { app, name }),
      announce: (app, name, location) => {
        for (const worker of workers.values()) worker.channel.tell("located", { app, name, location });
      },
    },
    () => ({ streams: config.limits.streams, graceMs: config.publish.graceSeconds * 1000 }),
    systemClock,
  );
  const askAll = async <T>(ask: (worker: ChildProcess<WorkerMethods>) => Promise<T>): Promise<T[]> => {
    const answers = await Promise.allSettled([...workers.values()].map(ask));
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  };
  const countViewers = () => {
    const all = [...viewers.values()].reduce((sum, count) => sum + count, 0);
    for (const [name, worker] of workers) worker.channel.tell("viewersElsewhere", all - (viewers.get(name) ?? 0));
  };
  const methodsFor = (name: string): SupervisorMethods => ({
    claim: async (of) => {
      const claim = await registry.claim(name, of.app, of.name, of.fresh);
      return claim instanceof Refusal ? { refused: { code: claim.code, detail: claim.detail } } : { claim };
    },
    keeps: (of) => registry.keeps(name, of.app, of.name, of.epoch),
    drops: (of) => registry.drops(name, of.app, of.name, of.epoch),
    ended: (of) => registry.ended(name, of.app, of.name, of.epoch),
    viewers: (count) => {
      viewers.set(name, count);
      if (workers.size > 1) countViewers();
    },
    streams: async () => (await askAll((worker) => worker.channel.call("streams", undefined))).flat(),
    metrics: () => askAll((worker) => worker.channel.call("metrics", undefined)),
    endStream: async (of) => (await askAll((worker) => worker.channel.call("endStream", of))).includes(true),
  });

  const control = new ChildProcess<ControlMethods>("control", log, methodsFor("control"), (channel) =>
    channel.call("start", { config, directory, adminToken, pages }),
  );
  const startWorker = (name: string) => (channel: ChildProcess<WorkerMethods>["channel"]) =>
    channel.call("start", { name, config, directory, httpPort, rtmpPort, secret, located: registry.list() });
  for (let i = 1; i <= workerCount(config); i++) {
    const name = `media-${i}`;
    const worker = new ChildProcess<WorkerMethods>(name, log, methodsFor(name), startWorker(name), () => {
      registry.gone(name);
      viewers.delete(name);
    });
    workers.set(name, worker);
  }
  const stop = () => {
    for (const child of [control, ...workers.values()]) child.kill();
    rmSync(directory, { recursive: true, force: true });
  };
  process.on("exit", stop);
  try {
    await Promise.all([control.started, ...[...workers.values()].map((worker) => worker.started)]);
  } catch (error) {
    stop();
    throw error;
  }

  return {
    httpPort,
    rtmpPort,
    reload: (next) => {
      config = next;
      control.channel.tell("reload", next);
      for (const worker of workers.values()) worker.channel.tell("reload", next);
    },
    drain: async () => {
      for (const child of [control, ...workers.values()]) child.leaveDead();
      const drained = await askAll((worker) => worker.channel.call("drain", undefined, config.drainSeconds * 1000));
      await control.channel.call("drain", undefined, 2000).catch(() => {});
      return {
        publishers: drained.reduce((sum, { publishers }) => sum + publishers, 0),
        viewers: drained.reduce((sum, other) => sum + other.viewers, 0),
      };
    },
  };
}

/** One core is left to the system, and to whatever encodes. */
function workerCount({ workers }: Config): number {
  return workers === "auto" ? Math.max(1, availableParallelism() - 1) : workers;
}

/**
 * The port, or any that is free for port 0. The workers share their ports, so a second server would not be refused them by the system;
 * it is refused here.
 */
function freePort(host: string, port: number): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once("error", reject);
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}

/**
 * The supervisor: starts the media workers and the control process, starts again what dies, and passes on what they ask each other.
 * It holds no logic but the registry of who writes which stream, so that there is little in it that could fail.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { CallbackEvent } from "../access/callbacks.ts";
import { Registry } from "../live/relay/registry.ts";
import { systemClock } from "../platform/clock.ts";
import type { Config } from "../platform/config/schema.ts";
import { takePort } from "../platform/listen.ts";
import type { Logger } from "../platform/log.ts";
import { Refusal } from "../platform/refusal.ts";
import type { DemoSchool, OpenAlarm } from "../school/school.ts";
import { ChildProcess } from "./child-process.ts";
import type { ControlMethods, Drained, SupervisorMethods, WorkerMethods } from "./messages.ts";

export type SupervisorOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly adminToken: string | null;
  /** Of the first operator; null to make one. */
  readonly adminPassword: string | null;
  /** Where the built pages are. */
  readonly pages: string;
  /** Shows the password that was made for the first operator. */
  readonly onFirstPassword: (password: string) => void;
  /** Called when the demonstration's school is there, where it is wanted; again when the control process has begun anew. */
  readonly onDemo: ((school: DemoSchool) => void) | null;
};

export type Supervisor = {
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** Applies what can change while running. */
  readonly reload: (config: Config) => void;
  /** Takes nobody new, tells everybody who is there, and ends. Gives how many publishers and viewers it was. */
  readonly drain: () => Promise<Drained>;
};

const PREFETCH_WITHIN_MS = 30_000;
/** A database that is new, or is brought up to date with a backup before, takes its time. */
const CONTROL_WITHIN_MS = 300_000;

export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { log, adminToken, adminPassword, pages } = options;
  let config = options.config;
  const httpPort = await takePort(config.http.host, config.http.port);
  const rtmpPort = await takePort(config.rtmp.host, config.rtmp.port);
  if (config.http.tls) await takePort(config.http.host, config.http.tls.port);
  if (config.rtmp.tls) await takePort(config.rtmp.host, config.rtmp.tls.port);
  const directory = mkdtempSync(join(tmpdir(), "lectern-"));
  const secret = randomBytes(32);
  const workers = new Map<string, ChildProcess<WorkerMethods>>();
  const viewers = new Map<string, number>();
  /** Who is in at each worker, where the school's own system wants to be told of their end. */
  const inside = new Map<string, Map<string, CallbackEvent>>();
  const alarms = new Map<string, readonly OpenAlarm[]>();
  const ofWorker = (name: string) => {
    const worker = workers.get(name);
    if (!worker) throw new Error(`there is no worker ${name}`);
    return worker.channel;
  };
  const registry = new Registry(
    {
      yield: async (peer, app, name, to) => ofWorker(peer).call("yield", { app, name, to }),
      newest: async (peer, app, name) => ofWorker(peer).call("newest", { app, name }),
      occupied: async (peer, app, name) => ofWorker(peer).call("occupied", { app, name }),
      announce: (app, name, location) => {
        const news = { app, name, location };
        for (const worker of workers.values()) worker.channel.tell("located", news);
        control.channel.tell("located", news);
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
    occupied: (of) => registry.occupied(of.app, of.name),
    streamRule: (of) => control.channel.call("streamRule", of),
    recordingRule: (of) => control.channel.call("recordingRule", of),
    recording: (news) => {
      for (const worker of workers.values()) worker.channel.tell("recording", news);
    },
    recorded: (file) => control.channel.tell("recorded", file),
    prefetch: async (of) => {
      let seconds = 0;
      // One after the other: what the first has fetched, the others find on the disk.
      for (const worker of workers.values())
        seconds = Math.max(seconds, await worker.channel.call("prefetch", of, PREFETCH_WITHIN_MS).catch(() => 0));
      return seconds;
    },
    alarms: (open) => {
      alarms.set(name, open);
      control.channel.tell("alarms", [...alarms.values()].flat());
    },
    record: async (ask) => (await askAll((worker) => worker.channel.call("record", ask))).includes(true),
    rule: (news) => {
      for (const worker of workers.values()) worker.channel.tell("rule", news);
    },
    viewersSeen: (numbers) => {
      for (const [other, worker] of workers) if (other !== name) worker.channel.tell("viewersSeen", numbers);
    },
    entered: (event) => {
      const of = inside.get(name) ?? new Map<string, CallbackEvent>();
      inside.set(name, of.set(`${event.action} ${event.clientId}`, event));
    },
    left: (event) => inside.get(name)?.delete(`${event.action} ${event.clientId}`),
    firstPassword: options.onFirstPassword,
    demoSchool: (school) => options.onDemo?.(school),
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

  const control = new ChildProcess<ControlMethods>("control", log, methodsFor("control"), async (channel) => {
    const start = {
      config,
      directory,
      adminToken,
      adminPassword,
      rtmpPort,
      pages,
      located: registry.list(),
      alarms: [...alarms.values()].flat(),
      demo: options.onDemo !== null,
    };
    await channel.call("start", start, CONTROL_WITHIN_MS);
    // What changed while it was away, nobody was told.
    for (const worker of workers.values()) worker.channel.tell("refreshRules", undefined);
  });
  const startWorker = (name: string) => (channel: ChildProcess<WorkerMethods>["channel"]) => {
    const orphans = [...(inside.get(name)?.values() ?? [])];
    return channel.call("start", { name, config, directory, httpPort, rtmpPort, secret, located: registry.list(), orphans });
  };
  for (let i = 1; i <= workerCount(config); i++) {
    const name = `media-${i}`;
    const worker = new ChildProcess<WorkerMethods>(name, log, methodsFor(name), startWorker(name), () => {
      registry.gone(name);
      viewers.delete(name);
      alarms.delete(name);
      control.channel.tell("alarms", [...alarms.values()].flat());
      control.channel.tell("workerGone", undefined);
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

/** Looks at a running test once a second: who is there, what came, what this process and the servers use. */
import { readdirSync } from "node:fs";
import type { Measurements } from "../measure/measurements.ts";
import { OwnLimits } from "../measure/own-limits.ts";
import type { Second, ServerSample } from "../measure/result.ts";
import type { ServerMetrics } from "../measure/server-metrics.ts";
import type { LessonRun } from "./lesson-run.ts";

export type Observed = {
  readonly isPresent: boolean;
  readonly isWatching: boolean;
  readonly isInRoom: boolean;
  readonly look: (now: number) => { readonly stalls: number; readonly bytes: number } | null;
};

export type ObserverOptions = {
  readonly people: readonly Observed[];
  readonly lessons: readonly LessonRun[];
  readonly measurements: Measurements;
  readonly servers: readonly ServerMetrics[];
  readonly onSecond: (second: Second) => void;
};

const SECOND_MS = 1000;
/** A page of metrics costs the server several milliseconds. */
const SERVERS_EVERY = 2;
const DELAYS = ["delay.flv", "delay.ws", "delay.hls", "delay.llhls"];
const JOINS = ["join", "rejoin", "exam.enter"];

export class Observer {
  readonly timeline: Second[] = [];
  watchedMs = 0;
  private readonly options: ObserverOptions;
  private readonly own = new OwnLimits();
  private readonly begun = performance.now();
  private readonly timer: NodeJS.Timeout;
  private samples: readonly ServerSample[] = [];
  private bytes = 0;
  private at = performance.now();
  private looks = 0;
  private isReading = false;

  constructor(options: ObserverOptions) {
    this.options = options;
    this.own.start();
    this.timer = setInterval(() => this.look(), SECOND_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.own.stop();
  }

  private look(): void {
    const { people, lessons, measurements, servers, onSecond } = this.options;
    if (this.looks++ % SERVERS_EVERY === 0) void this.readServers(servers);
    const now = performance.now();
    const sum = {
      present: 0,
      watching: 0,
      inRooms: 0,
      stalls: measurements.counted("stalls"),
      bytes: measurements.counted("bytes"),
    };
    for (const person of people) {
      if (!person.isPresent) continue;
      sum.present++;
      if (person.isWatching) sum.watching++;
      if (person.isInRoom) sum.inRooms++;
      const seen = person.look(now);
      if (!seen) continue;
      sum.stalls += seen.stalls;
      sum.bytes += seen.bytes;
    }
    const second = measurements.takeSecond();
    const passed = Math.max(1, now - this.at);
    const delays = DELAYS.flatMap((step) => second.p99(step) ?? []);
    this.watchedMs += sum.watching * passed;
    const seen: Second = {
      second: Math.round((now - this.begun) / SECOND_MS),
      present: sum.present,
      watching: sum.watching,
      inRooms: sum.inRooms,
      publishing: lessons.filter(({ isPublishing }) => isPublishing).length,
      joins: JOINS.reduce((all, step) => all + second.count(step), 0),
      failures: second.failures,
      firstFrameP99: second.p99("firstFrame"),
      chatP99: second.p99("chat"),
      delayP99: delays.length === 0 ? null : Math.max(...delays),
      stalls: sum.stalls,
      receivedMbps: Math.round(((sum.bytes - this.bytes) * 8) / 10 / passed) / 100,
      own: this.own.take(openSockets()),
      servers: this.samples,
    };
    this.bytes = sum.bytes;
    this.at = now;
    this.timeline.push(seen);
    onSecond(seen);
  }

  /** A busy server answers late; another question would keep it busier. */
  private async readServers(servers: readonly ServerMetrics[]): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    const samples = await Promise.all(servers.map((server) => server.read()));
    this.samples = samples.flatMap((sample) => sample ?? []);
    this.isReading = false;
  }
}

/** Open files of this process, nearly all of which are sockets; 0 where the system does not tell. */
function openSockets(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}

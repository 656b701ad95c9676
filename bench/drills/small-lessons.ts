/**
 * Runs a drill: thirty small lessons at a time, with short lives, whose members publish by WHIP and watch each other by WHEP; some leave, some are
 * sent home, some vanish, some never connect. No process of the server grows, and nothing is left of them.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startLectern } from "../../e2e/lectern.ts";
import { cacheDirectory } from "../load/clip.ts";
import { round } from "../report/table.ts";
import { cpuSeconds, pause } from "../testbed/child-process.ts";
import { PROBED_ENV } from "../testbed/heap-probe.ts";
import { LocalCluster } from "../testbed/local-cluster.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { type Growth, judgeGrowth, type Sample } from "./small-lessons-judgement.ts";
import { type LessonFigures, SmallLessons } from "./small-lessons-life.ts";
import { type Open, ServerWatch } from "./small-lessons-watch.ts";

const LESSONS = { whole: 30, quick: 8 } as const;
const SECONDS = { whole: 300, quick: 90, hour: 3600 } as const;
const SAMPLE_SECONDS = { whole: 30, quick: 6 } as const;
/** A member who has vanished is noticed by ICE in half a minute; a lesson without people ends later. */
const GONE_SECONDS = 90;
/** No lesson lasts so long after the last one has begun, nor does its end. */
const OVER_SECONDS = 240;
const SEEN_SHARE = 0.99;
const SETTINGS = {
  workers: "2",
  "publish.allow": "keys",
  "publish.graceSeconds": "2",
  "limits.perAddress.connections": "20000",
  "limits.perAddress.requestsPerSecond": "100000",
  "webrtc.maxPerAddress": "1000",
  "webrtc.maxHalfOpenPerAddress": "256",
};

/** Of the file with what has been measured so far: a line of JSON for each sample. */
const PROGRESS = "small-lessons.jsonl";

export async function smallLessons({ quick, hour }: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster({ quick });
  const seconds = hour ? SECONDS.hour : quick ? SECONDS.quick : SECONDS.whole;
  const places = quick ? LESSONS.quick : LESSONS.whole;
  const progress = join(cacheDirectory(), PROGRESS);
  writeFileSync(progress, "");
  process.stderr.write(`drill: progress in ${progress}\n`);
  try {
    const server = await startLectern(cluster.scope, SETTINGS, { env: PROBED_ENV });
    const pid = server.process.pid ?? 0;
    const watch = new ServerWatch(server);
    const lessons = new SmallLessons(server);
    cluster.scope.after(() => {
      watch.close();
      lessons.close();
    });
    const before = { server: cpuSeconds(pid), load: lessons.cpuSeconds };
    const held = lessons.run(places);
    const plan = { seconds, each: SAMPLE_SECONDS[quick ? "quick" : "whole"], progress };
    const { samples, sessions } = await follow(watch, lessons.figures, plan);
    const cores = { server: (cpuSeconds(pid) - before.server) / seconds, load: (lessons.cpuSeconds - before.load) / seconds };
    lessons.end();
    const isOver = await Promise.race([held.then(() => true), pause(OVER_SECONDS).then(() => false)]);
    if (!isOver) lessons.figures.failures.push(`lessons were not over after ${OVER_SECONDS} s`);
    const left = await whenEmpty(watch);
    const [growths, { figures }] = [judgeGrowth(samples), lessons];
    return resultOf({ growths, figures, left, sessions, cores, seconds, places, mostRssMb: watch.mostRssMb });
  } finally {
    await cluster.close();
  }
}

type Followed = { readonly samples: readonly Sample[]; readonly sessions: readonly number[] };

type FollowPlan = { readonly seconds: number; readonly each: number; readonly progress: string };

async function follow(watch: ServerWatch, figures: LessonFigures, { seconds, each, progress }: FollowPlan): Promise<Followed> {
  const samples: Sample[] = [];
  const sessions: number[] = [];
  const begun = performance.now();
  for (let second = each; second <= seconds; second += each) {
    // A sample takes time itself.
    await pause(Math.max(0, second - (performance.now() - begun) / 1000));
    try {
      const sample = { lessons: figures.ended, processes: await watch.processes() };
      const open = await watch.open();
      samples.push(sample);
      sessions.push(open.sessions);
      appendFileSync(progress, tell(second, sample, open, figures));
    } catch (error) {
      figures.failures.push(`second ${second} not measured: ${String(error)}`);
    }
  }
  return { samples, sessions };
}

/** @returns the line for the file */
function tell(second: number, sample: Sample, open: Open, { links, seen, failures }: LessonFigures): string {
  const { lessons, processes } = sample;
  const each = processes.map(
    ({ name, retainedMb, rssMb, descriptors }) => `${name} ${round(retainedMb, 1)} of ${round(rssMb, 0)} MB ${descriptors} fd`,
  );
  process.stderr.write(
    `drill: second ${second}: ${lessons} lessons over, ${seen} of ${links} links seen; ${open.sessions} sessions, ${open.streams} streams; ${each.join(", ")}\n`,
  );
  return `${JSON.stringify({ second, ...sample, ...open, links, seen, failures: failures.length })}\n`;
}

async function whenEmpty(watch: ServerWatch): Promise<Open & { readonly seconds: number }> {
  const begun = performance.now();
  for (;;) {
    const open = await watch.open();
    const seconds = (performance.now() - begun) / 1000;
    if (seconds > GONE_SECONDS || Object.values(open).every((count) => count === 0)) return { ...open, seconds };
    await pause(1);
  }
}

type Seen = {
  readonly growths: readonly Growth[];
  readonly figures: LessonFigures;
  readonly left: Open & { readonly seconds: number };
  readonly sessions: readonly number[];
  /** That were used. */
  readonly cores: { readonly server: number; readonly load: number };
  readonly seconds: number;
  readonly places: number;
  readonly mostRssMb: ReadonlyMap<string, number>;
};

function resultOf({ growths, figures, left, sessions, cores, seconds, places, mostRssMb }: Seen): DrillResult {
  const { begun, ended, links, seen, failures, keysAgain, refusals } = figures;
  const isEmpty = left.sessions + left.halfOpen + left.streams + left.members === 0;
  const isSeen = links > 0 && seen >= links * SEEN_SHARE;
  const most = [...mostRssMb].map(([name, mb]) => `${name} ${round(mb, 0)}`).join(", ");
  const [refused, again] = [refusals, keysAgain].map(
    (counts) => [...counts].map(([code, count]) => `${code} ${count}`).join(", ") || "none",
  );
  return {
    drill: "small-lessons",
    broke: `${places} small lessons at a time for ${round(seconds / 60, 1)} minutes; members leave, are sent home, vanish, or never connect`,
    promise: `no process grows (second and last fifth of the time), ${SEEN_SHARE * 100} % of members who watch each other see and hear until the end, and nothing is left after ${GONE_SECONDS} s`,
    held: growths.every(({ held }) => held) && isSeen && isEmpty && failures.length === 0,
    seen: [],
    table: {
      columns: ["process", "figure", "second fifth", "last fifth", "at most", "held"],
      rows: growths.map(({ process: name, what, before, after, most, held }) => [
        ...[name, what, round(before, 1), round(after, 1), round(most, 1), held ? "yes" : "NO"],
      ]),
    },
    notes: [
      `${begun} lessons begun, ${ended} over; ${seen} of ${links} links of who watches whom had picture and sound until the end; not opened: ${refused}; keys asked for again: ${again}.`,
      `${Math.min(...sessions)} to ${Math.max(...sessions)} sessions of WebRTC at a time; the server used ${round(cores.server, 2)} cores, the members ${round(cores.load, 2)}.`,
      `Memory is measured after a collection of garbage; with it the processes had at most, MB: ${most}.`,
      `Left ${round(left.seconds, 0)} s after the end: ${left.sessions} sessions, ${left.halfOpen} half open, ${left.streams} streams, ${left.members} in rooms.`,
      ...failures.slice(0, 5).map((text) => `A lesson could not be held to its end: ${text}`),
      "Members join by the API, connect to their rooms and get their keys there; they send pictures of 160×90 and silence.",
    ],
  };
}

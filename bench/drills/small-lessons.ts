/**
 * Drill: thirty small lessons at a time, with short lives, whose members publish by WHIP and watch each other by WHEP; some leave, some are sent home,
 * some vanish, some never connect. No process of the server grows, and nothing is left of them.
 */
import { type Lectern, startLectern } from "../../e2e/lectern.ts";
import { round } from "../report/table.ts";
import { cpuSeconds, pause } from "../testbed/child-process.ts";
import { LocalCluster } from "../testbed/local-cluster.ts";
import { processFigures } from "../testbed/process-figures.ts";
import { socketFigures } from "../testbed/socket-figures.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { type Growth, judgeGrowth, type ProcessSample } from "./small-lessons-judgement.ts";
import { type LessonFigures, SmallLessons } from "./small-lessons-life.ts";

const LESSONS = { whole: 30, quick: 8 } as const;
const SECONDS = { whole: 300, quick: 90, hour: 3600 } as const;
const SAMPLE_SECONDS = { whole: 30, quick: 6 } as const;
/** A member who has vanished is noticed by ICE in half a minute; a lesson without people ends later. */
const GONE_SECONDS = 90;
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

/** What has to be nothing after the end. */
type Left = { readonly sessions: number; readonly halfOpen: number; readonly streams: number; readonly members: number };

export async function smallLessons({ quick, hour }: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster({ quick });
  const seconds = hour ? SECONDS.hour : quick ? SECONDS.quick : SECONDS.whole;
  const places = quick ? LESSONS.quick : LESSONS.whole;
  try {
    const server = await startLectern(cluster.scope, SETTINGS);
    const pid = server.process.pid ?? 0;
    const lessons = new SmallLessons(server);
    cluster.scope.after(() => lessons.close());
    const cpu = cpuSeconds(pid);
    const held = lessons.run(places);
    const early = held.then((): never => {
      throw new Error("the lessons are over too early");
    });
    const { samples, sessions } = await Promise.race([watch(server, seconds, SAMPLE_SECONDS[quick ? "quick" : "whole"]), early]);
    const cores = (cpuSeconds(pid) - cpu) / seconds;
    lessons.end();
    early.catch(() => {});
    await held;
    const left = await whenEmpty(server);
    return resultOf({ growths: judgeGrowth(samples), figures: lessons.figures, left, sessions, cores, seconds, places });
  } finally {
    await cluster.close();
  }
}

type Watched = { readonly samples: readonly (readonly ProcessSample[])[]; readonly sessions: readonly number[] };

async function watch(server: Lectern, seconds: number, each: number): Promise<Watched> {
  const samples: ProcessSample[][] = [];
  const sessions: number[] = [];
  for (let second = each; second <= seconds; second += each) {
    await pause(each);
    samples.push(sampleOf(server.process.pid ?? 0));
    const open = await leftIn(server);
    sessions.push(open.sessions);
    const memory = samples.at(-1)?.map(({ name, rssMb, descriptors }) => `${name} ${round(rssMb, 0)} MB ${descriptors} fd`) ?? [];
    process.stderr.write(`drill: second ${second}: ${open.sessions} sessions, ${open.streams} streams; ${memory.join(", ")}\n`);
  }
  return { samples, sessions };
}

/** The server's own processes: programs that it runs for a while are left out. */
function sampleOf(pid: number): ProcessSample[] {
  return processFigures(pid).flatMap(({ name, pid: one, rssMb, descriptors }) => {
    try {
      return name === "ffmpeg" ? [] : [{ name, pid: one, rssMb, descriptors, ...socketFigures(one) }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

async function leftIn(server: Lectern): Promise<Left> {
  const text = await (await server.api("/metrics")).text();
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce((all, [, value]) => all + Number(value), 0);
  return {
    sessions: sum("lectern_webrtc_sessions"),
    halfOpen: sum("lectern_webrtc_half_open"),
    streams: sum("lectern_streams"),
    members: sum("lectern_room_members"),
  };
}

async function whenEmpty(server: Lectern): Promise<Left & { readonly seconds: number }> {
  const begun = performance.now();
  for (;;) {
    const left = await leftIn(server);
    const seconds = (performance.now() - begun) / 1000;
    if (seconds > GONE_SECONDS || Object.values(left).every((count) => count === 0)) return { ...left, seconds };
    await pause(1);
  }
}

type Seen = {
  readonly growths: readonly Growth[];
  readonly figures: LessonFigures;
  readonly left: Left & { readonly seconds: number };
  readonly sessions: readonly number[];
  readonly cores: number;
  readonly seconds: number;
  readonly places: number;
};

function resultOf({ growths, figures, left, sessions, cores, seconds, places }: Seen): DrillResult {
  const { begun, ended, links, seen, failures, keysAgain, refusals } = figures;
  const isEmpty = left.sessions + left.halfOpen + left.streams + left.members === 0;
  const isSeen = links > 0 && seen >= links * SEEN_SHARE;
  const refused = [...refusals].map(([code, count]) => `${code} ${count}`).join(", ") || "none";
  return {
    drill: "small-lessons",
    broke: `${places} small lessons at a time for ${round(seconds / 60, 1)} minutes; members leave, are sent home, vanish, or never connect`,
    promise: `no process grows (second and last fifth of the time), ${SEEN_SHARE * 100} % of members who watch each other see and hear, and nothing is left after ${GONE_SECONDS} s`,
    held: growths.every(({ held }) => held) && isSeen && isEmpty && failures.length === 0,
    seen: [],
    table: {
      columns: ["process", "figure", "second fifth", "last fifth", "at most", "held"],
      rows: growths.map(({ process: name, what, before, after, most, held }) => [
        ...[name, what, round(before, 1), round(after, 1), round(most, 1), held ? "yes" : "NO"],
      ]),
    },
    notes: [
      `${begun} lessons begun, ${ended} over; ${seen} of ${links} links of who watches whom had picture and sound; not opened: ${refused}; keys asked for again ${keysAgain} times.`,
      `${Math.min(...sessions)} to ${Math.max(...sessions)} sessions of WebRTC at a time; the server used ${round(cores, 2)} cores.`,
      `Left ${round(left.seconds, 0)} s after the end: ${left.sessions} sessions, ${left.halfOpen} half open, ${left.streams} streams, ${left.members} in rooms.`,
      ...failures.slice(0, 5).map((text) => `A lesson could not be held to its end: ${text}`),
      "Members join by the API, connect to their rooms and get their keys there; they send pictures of 160×90 and silence.",
    ],
  };
}

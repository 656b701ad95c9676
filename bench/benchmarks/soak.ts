/**
 * Measures soak test: publishers connect and disconnect, viewers of every protocol join and leave, students join a lesson, a browser watches
 * low-latency HLS, and every playlist is checked for conformance. Memory must stay level, playback must not stall, no stream or viewer may be left at
 * the end.
 */
import type { ChildProcess } from "node:child_process";
import { launchBrowser } from "../../e2e/browser.ts";
import { type Findings, watchByTheRules } from "../../e2e/hls-conformance.ts";
import { benchClip } from "../load/clip.ts";
import { slopeOf } from "../report/slope.ts";
import { median, round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern } from "../servers/servers.ts";
import { cpuSeconds, pause, stop } from "../testbed/child-process.ts";
import { type ProcessFigures, processFigures } from "../testbed/process-figures.ts";
import type { BenchOptions } from "./options.ts";
import { noteStalls, readPlayer } from "./soak-player.ts";
import { createLesson, join, PROTOCOLS, type Protocol, publishShortly, push, SHORT_PUBLISHERS } from "./soak-viewers.ts";

const MINUTES = { usual: 15, quick: 1 } as const;
const JOINS_PER_SECOND = 20;
const SAMPLE_SECONDS = 5;
/** Caches and memory pools fill in this time; the slope begins after it. */
const FILL_MINUTES = 10;
/** Streams and viewers are gone after this. */
const EMPTY_SECONDS = 18;

type Row = readonly [what: string, figure: string | number];
type Sample = { readonly minute: number; readonly processes: readonly ProcessFigures[] };
type Joins = ReadonlyMap<Protocol, { tried: number; got: number }>;

export async function benchSoak(options: BenchOptions): Promise<Table> {
  const seconds = 60 * (options.minutes ?? (options.quick ? MINUTES.quick : MINUTES.usual));
  const joinsPerSecond = options.joins ?? JOINS_PER_SECOND;
  const clip = benchClip();
  const limits = ["limits.perAddress.connections=20000", "limits.perAddress.requestsPerSecond=100000", "publish.graceSeconds=2"];
  const lectern = await startLectern([...limits, "workers=2"], null, null);
  const lesson = await createLesson(lectern);
  const atStart = await resources(lectern);
  const steady = [push(clip.file, lectern, "steady"), push(clip.file, lectern, lesson.path)];
  await pause(4);
  const watched = options.isLight ? null : await watchInBrowser(lectern, seconds);
  const publishers = new Set<ChildProcess>();
  let over = false;
  const churn = publishShortly(lectern, clip.file, publishers, () => over);
  const cpu = cpuSeconds(lectern.pid);
  const joins: Joins = new Map(PROTOCOLS.map((protocol) => [protocol, { tried: 0, got: 0 }]));
  const samples = await everySecond(seconds, lectern, (second) => {
    // A rate below one a second has seconds without a join.
    const first = Math.floor(second * joinsPerSecond);
    for (let i = first; i < Math.floor((second + 1) * joinsPerSecond); i++) {
      const protocol = PROTOCOLS[i % PROTOCOLS.length] ?? "flv";
      const count = joins.get(protocol);
      if (!count) continue;
      count.tried++;
      void join(protocol, lectern, lesson).then((got) => {
        if (got) count.got++;
      });
    }
  });
  const cores = (cpuSeconds(lectern.pid) - cpu) / seconds;
  over = true;
  const seen = (await watched?.end()) ?? [];
  for (const publisher of publishers) publisher.kill("SIGKILL");
  await churn;
  for (const publisher of steady) publisher.kill("SIGKILL");
  await pause(EMPTY_SECONDS);
  const left = await gauges(lectern);
  const atEnd = await resources(lectern);
  const ended = processFigures(lectern.pid);
  await stop(lectern.process);
  return {
    title: "Soak",
    columns: ["what", "figure"],
    rows: [
      ["minutes", seconds / 60],
      ["CPU of all processes, cores", round(cores, 3)],
      ...[...joins].map(([protocol, { tried, got }]): Row => [`${protocol}: received media, of`, `${got} of ${tried}`]),
      ...memoryRows(samples),
      ...descriptorRows(samples, ended),
      ...resourceRows(atStart, atEnd),
      ...seen,
      ["remaining at the end: streams, viewers", `${left.streams}, ${left.viewers}`],
    ],
    notes: [`${joinsPerSecond} joins a second; ${SHORT_PUBLISHERS.names} publishers that connect and disconnect.`],
  };
}

/** Calls once a second, and samples the processes. @returns the samples */
async function everySecond(seconds: number, { pid }: LecternRunning, call: (second: number) => void): Promise<Sample[]> {
  const samples: Sample[] = [];
  const begun = performance.now();
  for (let second = 0; second < seconds; second++) {
    call(second);
    if (second % SAMPLE_SECONDS === 0) samples.push({ minute: second / 60, processes: processFigures(pid) });
    if (second % 60 === 59) process.stderr.write(`bench: soak, minute ${(second + 1) / 60}: ${describe(samples.at(-1))}\n`);
    await pause(Math.max(0, second + 1 - (performance.now() - begun) / 1000));
  }
  return samples;
}

function describe(sample: Sample | undefined): string {
  return (sample?.processes ?? []).map(({ name, pssMb }) => `${name} ${round(pssMb, 0)} MB`).join(", ");
}

/** PSS: for all processes, and the slope of each. */
function memoryRows(samples: readonly Sample[]): Row[] {
  const total = samples.map(({ processes }) => processes.reduce((sum, { pssMb }) => sum + pssMb, 0));
  const quarter = Math.floor(samples.length / 4);
  const rows: Row[] = [
    ["PSS of all processes, second quarter, MB", round(median(total.slice(quarter, 2 * quarter)), 0)],
    ["PSS of all processes, last quarter, MB", round(median(total.slice(-quarter)), 0)],
  ];
  const last = samples.at(-1)?.minute ?? 0;
  const from = last > 2 * FILL_MINUTES ? FILL_MINUTES : last / 2;
  const late = samples.filter(({ minute }) => minute >= from);
  const names = new Set(late.flatMap(({ processes }) => processes.map(({ name }) => name)));
  for (const name of names) {
    const points = late.flatMap(({ minute, processes }) => {
      const found = processes.find((one) => one.name === name);
      return found ? [[minute, found.pssMb] as const] : [];
    });
    const { perUnit, error } = slopeOf(points);
    const values = points.map(([, value]) => value);
    rows.push([
      `${name}: PSS MB, median; MB a minute from minute ${round(from, 0)} on`,
      `${round(median(values), 0)}; ${round(perUnit, 3)} ± ${round(error, 3)}`,
    ]);
  }
  return rows;
}

function descriptorRows(samples: readonly Sample[], ended: readonly ProcessFigures[]): Row[] {
  const before = new Map((samples[0]?.processes ?? []).map(({ name, descriptors }) => [name, descriptors]));
  return ended.map(({ name, descriptors }) => [
    `${name}: descriptors in the first seconds, after the end`,
    `${before.get(name) ?? "–"}, ${descriptors}`,
  ]);
}

/** What keeps the event loops of all processes busy (`process.getActiveResourcesInfo`), before the first viewer and after the last. */
function resourceRows(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Row[] {
  const types = new Set([...before.keys(), ...after.keys()]);
  return [...types].map((type) => [`active ${type}, before and after`, `${before.get(type) ?? 0}, ${after.get(type) ?? 0}`]);
}

async function watchInBrowser(lectern: LecternRunning, seconds: number): Promise<{ readonly end: () => Promise<Row[]> }> {
  const origin = `http://127.0.0.1:${lectern.httpPort}`;
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${origin}/embed/steady?protocol=hls&muted=1`);
  await page.evaluate(noteStalls);
  const conformance = watchByTheRules(`${origin}/live/steady.m3u8`, seconds - 5).catch((error: Error) => error);
  return {
    end: async () => {
      const seen = await readPlayer(page);
      for (const stall of seen.noted) process.stderr.write(`bench: soak, playback stalled: ${JSON.stringify(stall)}\n`);
      await browser.close();
      const found: Findings | Error = await conformance;
      return [
        ["low-latency HLS in Chromium: state, stalls, reconnects", `${seen.state}, ${seen.stalls}, ${seen.reconnects}`],
        ["low-latency HLS in Chromium: seconds played", round(seen.time, 0)],
        [
          "conformance of the playlists",
          found instanceof Error ? found.message : `${found.updates} updates, ${found.parts} parts, ${found.segments} segments`,
        ],
        ["longest wait for a held playlist, ms", found instanceof Error ? Number.NaN : round(found.longestWaitMs, 0)],
      ];
    },
  };
}

async function metricsOf({ metrics }: LecternRunning): Promise<string> {
  return await (await fetch(metrics ?? "")).text();
}

async function gauges(lectern: LecternRunning): Promise<{ streams: number; viewers: number }> {
  const text = await metricsOf(lectern);
  const viewers = [...text.matchAll(/^lectern_viewers\{[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  return { streams: Number(/^lectern_streams (\d+)/m.exec(text)?.[1]), viewers };
}

async function resources(lectern: LecternRunning): Promise<Map<string, number>> {
  const found = (await metricsOf(lectern)).matchAll(/^nodejs_active_resources\{type="([^"]+)"\} (\d+)/gm);
  return new Map([...found].map(([, type = "", count]) => [type, Number(count)]));
}

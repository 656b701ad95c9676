/**
 * Soak test of a quarter of an hour: publishers connect and disconnect, viewers of every protocol join and leave, a browser watches low-latency
 * HLS, and every playlist is checked for conformance. Memory must stay level, playback must not stall, no stream or viewer may be left at the end.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import type { Page } from "playwright-core";
import WebSocket from "ws";
import { launchBrowser } from "../../e2e/browser.ts";
import { type Findings, mediaPlaylistOf, watchByTheRules } from "../../e2e/hls-conformance.ts";
import { RtmpClient } from "../../e2e/rtmp-client.ts";
import { benchClip } from "../load/clip.ts";
import { median, round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern } from "../servers/servers.ts";
import { pause, residentMb, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const MINUTES = { usual: 15, quick: 1 } as const;
const JOINS_PER_SECOND = 20;
const STAY_SECONDS = 6;
/** Each short-lived publisher is connected for half of the period. */
const SHORT_PUBLISHERS = { names: 4, periodSeconds: 16 } as const;
const PROTOCOLS = ["flv", "ws", "rtmp", "hls"] as const;
type Protocol = (typeof PROTOCOLS)[number];

export async function benchSoak(options: BenchOptions): Promise<Table> {
  const seconds = 60 * (options.quick ? MINUTES.quick : MINUTES.usual);
  const clip = benchClip();
  const limits = ["limits.perAddress.connections=20000", "limits.perAddress.requestsPerSecond=100000", "publish.graceSeconds=2"];
  const lectern = await startLectern([...limits, "workers=2"], null, null);
  const steady = push(clip.file, lectern, "steady");
  await pause(4);
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${lectern.httpPort}/embed/steady?protocol=hls&muted=1`);
  await page.evaluate(noteStalls);

  const memory: number[] = [];
  const joins = new Map<Protocol, { tried: number; got: number }>(PROTOCOLS.map((protocol) => [protocol, { tried: 0, got: 0 }]));
  const publishers = new Set<ChildProcess>();
  let over = false;
  const end = performance.now() + seconds * 1000;
  const conformance = watchByTheRules(`http://127.0.0.1:${lectern.httpPort}/live/steady.m3u8`, seconds - 5).then<
    Findings | Error,
    Error
  >(
    (found) => found,
    (error: Error) => error,
  );
  const churn = publishShortly(lectern, clip.file, publishers, () => over);
  let tick = 0;
  while (performance.now() < end) {
    const second = performance.now() + 1000;
    for (let i = 0; i < JOINS_PER_SECOND; i++) {
      const protocol = PROTOCOLS[(tick + i) % PROTOCOLS.length] ?? "flv";
      const count = joins.get(protocol);
      if (!count) continue;
      count.tried++;
      void join(protocol, lectern).then((got) => {
        if (got) count.got++;
      });
    }
    if (tick++ % 5 === 0) memory.push(residentMb(lectern.pid));
    if (tick % 60 === 0) process.stderr.write(`bench: soak, minute ${tick / 60}: ${round(memory.at(-1) ?? 0, 0)} MB\n`);
    await pause(Math.max(0, (second - performance.now()) / 1000));
  }
  over = true;
  const seen = await player(page);
  for (const stall of seen.noted) process.stderr.write(`bench: soak, playback stalled: ${JSON.stringify(stall)}\n`);
  await browser.close();
  const found = await conformance;
  for (const publisher of publishers) publisher.kill("SIGKILL");
  await churn;
  steady.kill("SIGKILL");
  await pause(18);
  const left = await gauges(lectern);
  await stop(lectern.process);
  const quarter = Math.floor(memory.length / 4);
  const rows: (string | number)[][] = [
    ["minutes", seconds / 60],
    ...[...joins].map(([protocol, { tried, got }]) => [`${protocol}: joined, of`, `${got} of ${tried}`]),
    ["memory of all processes, second quarter, MB", round(median(memory.slice(quarter, 2 * quarter)), 0)],
    ["memory of all processes, last quarter, MB", round(median(memory.slice(-quarter)), 0)],
    ["low-latency HLS in Chromium: state, stalls, reconnects", `${seen.state}, ${seen.stalls}, ${seen.reconnects}`],
    ["low-latency HLS in Chromium: seconds played", round(seen.time, 0)],
    [
      "conformance of the playlists",
      found instanceof Error ? found.message : `${found.updates} updates, ${found.parts} parts, ${found.segments} segments`,
    ],
    ["longest wait for a held playlist, ms", found instanceof Error ? Number.NaN : round(found.longestWaitMs, 0)],
    ["remaining at the end: streams, viewers", `${left.streams}, ${left.viewers}`],
  ];
  return {
    title: "Soak",
    columns: ["what", "figure"],
    rows,
    notes: [`${JOINS_PER_SECOND} joins a second; ${SHORT_PUBLISHERS.names} publishers that connect and disconnect.`],
  };
}

function push(file: string, { push: base }: LecternRunning, name: string): ChildProcess {
  const input = ["-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", `${base}/${name}`];
  return spawn("ffmpeg", input, { stdio: "ignore" });
}

async function publishShortly(
  lectern: LecternRunning,
  file: string,
  publishers: Set<ChildProcess>,
  isOver: () => boolean,
): Promise<void> {
  for (let round = 0; !isOver(); round++) {
    const publisher = push(file, lectern, `guest${round % SHORT_PUBLISHERS.names}`);
    publishers.add(publisher);
    setTimeout(
      () => {
        publisher.kill("SIGKILL");
        publishers.delete(publisher);
      },
      (SHORT_PUBLISHERS.periodSeconds / 2) * 1000,
    );
    await pause(SHORT_PUBLISHERS.periodSeconds / SHORT_PUBLISHERS.names);
  }
}

/** One viewer who stays for a while. @returns whether media arrived */
async function join(protocol: Protocol, { httpPort, push: base }: LecternRunning): Promise<boolean> {
  const origin = `http://127.0.0.1:${httpPort}`;
  try {
    if (protocol === "hls") return await watchHls(`${origin}/live/steady.m3u8`);
    let bytes = 0;
    let leave = (): void => {};
    if (protocol === "flv") {
      const socket = connect(httpPort, "127.0.0.1");
      socket.on("error", () => {});
      socket.on("data", (piece) => (bytes += piece.length));
      socket.write("GET /live/steady.flv HTTP/1.1\r\nHost: soak\r\n\r\n");
      leave = () => socket.destroy();
    } else if (protocol === "ws") {
      const socket = new WebSocket(`${origin.replace("http", "ws")}/live/steady.flv`);
      socket.on("error", () => {});
      socket.on("message", (piece: Buffer) => (bytes += piece.length));
      leave = () => socket.terminate();
    } else {
      const client = await RtmpClient.open(Number(new URL(base?.replace("rtmp:", "http:") ?? "").port));
      client.socket.on("data", (piece: Buffer) => (bytes += piece.length));
      await client.play("steady");
      leave = () => client.break();
    }
    await pause(STAY_SECONDS);
    leave();
    return bytes > 100_000;
  } catch {
    return false;
  }
}

async function watchHls(url: string): Promise<boolean> {
  const base = await mediaPlaylistOf(url);
  const end = performance.now() + STAY_SECONDS * 1000;
  let bytes = 0;
  while (performance.now() < end) {
    const text = await (await fetch(base)).text();
    const part = /.*URI="([^"]+)"[^\n]*\n#EXT-X-PRELOAD-HINT/s.exec(text)?.[1];
    if (part) bytes += (await (await fetch(new URL(part, base))).arrayBuffer()).byteLength;
    await pause(0.5);
  }
  return bytes > 100_000;
}

/** A stall, recorded in the page: the buffer before it, the newest requests, and the lateness of the page's timer. */
type Stall = {
  readonly atSecond: number;
  readonly currentTime: number;
  readonly buffered: readonly (readonly [number, number])[];
  /** One sample every 100 ms, oldest first: milliseconds since the previous sample, buffered seconds, playback rate. */
  readonly before: readonly (readonly [number, number, number])[];
  /** The newest requests: name, milliseconds before the stall, duration in milliseconds. */
  readonly requests: readonly (readonly [string, number, number])[];
};

/** Runs in the page. */
function noteStalls(): void {
  const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
  if (!video) return;
  const noted: Stall[] = [];
  (window as unknown as { noted: Stall[] }).noted = noted;
  const ranges = (): [number, number][] =>
    Array.from({ length: video.buffered.length }, (_, i) => [video.buffered.start(i), video.buffered.end(i)]);
  const before: [number, number, number][] = [];
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    before.push([
      Math.round(now - last),
      Math.round(((ranges().at(-1)?.[1] ?? 0) - video.currentTime) * 1000) / 1000,
      video.playbackRate,
    ]);
    if (before.length > 40) before.shift();
    last = now;
  }, 100);
  setInterval(() => performance.clearResourceTimings(), 30_000);
  video.addEventListener("waiting", () => {
    const now = performance.now();
    const requests = performance.getEntriesByType("resource").slice(-12);
    noted.push({
      atSecond: Math.round(now / 1000),
      currentTime: video.currentTime,
      buffered: ranges(),
      before: [...before],
      requests: requests.map(({ name, startTime, duration }) => [
        name.slice(-24),
        Math.round(now - startTime),
        Math.round(duration),
      ]),
    });
  });
}

function player(page: Page) {
  return page.evaluate(() => {
    const element = document.querySelector("lectern-player") as unknown as {
      state: string;
      statistics: Record<string, number>;
    } & HTMLElement;
    const { stalls, reconnects } = element.statistics;
    const { noted } = window as unknown as { noted: Stall[] };
    return { state: element.state, stalls, reconnects, time: element.shadowRoot?.querySelector("video")?.currentTime ?? 0, noted };
  });
}

async function gauges({ metrics }: LecternRunning): Promise<{ streams: number; viewers: number }> {
  const text = await (await fetch(metrics ?? "")).text();
  const viewers = [...text.matchAll(/^lectern_viewers\{[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  return { streams: Number(/^lectern_streams (\d+)/m.exec(text)?.[1]), viewers };
}

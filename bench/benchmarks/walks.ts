/**
 * Counts the files of five walks through the server, which runs from its sources: of media from a publisher to a viewer, of a person who joins, a chat
 * line and a stroke. V8 counts calls in all processes and threads. It judges no speed: what counts is how many places one change may have to know.
 */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { itemIds } from "@lectern/board";
import { startBrowserPublishers } from "../load/browser-publishers.ts";
import { benchClip, browserClip } from "../load/clip.ts";
import { Handwriting } from "../load/handwriting.ts";
import { round, type Table } from "../report/table.ts";
import { pause, start, stop } from "../testbed/child-process.ts";
import { type Calls, calledMore, calledOften, type Walk, type Window, walkOf } from "../walks/called-files.ts";
import type { BenchOptions } from "./options.ts";

const ROOT = process.env["BENCH_TREE"] ?? join(import.meta.dirname, "../..");
const COUNTER = join(import.meta.dirname, "../walks/count-calls.ts");
/** Of the walks of media, what happens once for a viewer or a key frame is not in it. */
const MEDIA = { seconds: 4, calls: 50, folders: /^packages\/(?:media|server\/src\/(?:live|access))\// } as const;
const ACTION = { seconds: 2, windows: 3 } as const;
const SETTLE_SECONDS = 6;
/** As a player that has the live edge: requests for it are a handful in a window. */
const READ_EVERY_SECONDS = 1;
const PAGE = "1.1";
const PEOPLE = 60;

/** Cuts the time of a server into windows. */
class Windows {
  readonly folder = mkdtempSync(join(tmpdir(), "lectern-walks-"));
  private takes = 0;

  /** What was called since the window before. */
  async take(): Promise<Window> {
    const take = this.takes++;
    writeFileSync(join(this.folder, `take-${take}`), "");
    // Each process and thread writes a file of its own; all have, where no more come.
    for (let seen = -1; ; ) {
      await pause(1);
      const files = readdirSync(this.folder).filter((name) => name.startsWith(`${take}.`));
      if (files.length === seen)
        return files.flatMap((name) => JSON.parse(readFileSync(join(this.folder, name), "utf8")) as Calls[]);
      seen = files.length;
    }
  }

  async during(seconds: number, work: () => Promise<void> = async () => {}): Promise<Window> {
    await this.take();
    await Promise.all([pause(seconds), work()]);
    return await this.take();
  }
}

type Walks = Record<string, Walk>;

export async function benchWalks({ only }: BenchOptions): Promise<Table> {
  process.env["TEST_PROGRAM"] = join(ROOT, "packages/server/src/main.ts");
  const windows = new Windows();
  process.env["COUNT_CALLS"] = windows.folder;
  process.env["NODE_OPTIONS"] = `--import ${COUNTER}`;
  const isWanted = (name: string) => only === null || only.includes(name);
  return tabulate({
    ...(isWanted("media") && { "RTMP to FLV": await rtmpToFlv(windows), "WHIP to HLS": await whipToHls(windows) }),
    ...(isWanted("room") && (await walksOfRoom(windows))),
  });
}

async function rtmpToFlv(windows: Windows): Promise<Walk> {
  // The program that servers are started from is chosen as this is loaded.
  const { startLectern } = await import("../servers/servers.ts");
  const lectern = await startLectern(["workers=1"]);
  const input = ["-re", "-stream_loop", "-1", "-i", benchClip().file, "-c", "copy", "-f", "flv", `${lectern.push}/s0`];
  const push = start(["ffmpeg", "-v", "error", "-nostdin", ...input], { core: null });
  await pause(SETTLE_SECONDS);
  const end = new AbortController();
  void readAll(lectern.play("s0"), end.signal).catch(() => {});
  await pause(2);
  const walk = mediaWalk(await windows.during(MEDIA.seconds));
  end.abort();
  await stop(push);
  await stop(lectern.process);
  return walk;
}

async function whipToHls(windows: Windows): Promise<Walk> {
  const { startLectern } = await import("../servers/servers.ts");
  const lectern = await startLectern(["workers=1"]);
  const base = `http://127.0.0.1:${lectern.httpPort}/live`;
  const publisher = await startBrowserPublishers("whip", base, browserClip(), 1);
  await pause(SETTLE_SECONDS);
  const end = new AbortController();
  void readHls(`${base}/s0.m3u8`, end.signal).catch(() => {});
  await pause(2);
  const walk = mediaWalk(await windows.during(MEDIA.seconds));
  end.abort();
  await stop(publisher);
  await stop(lectern.process);
  return walk;
}

async function walksOfRoom(windows: Windows): Promise<Walks> {
  const { openLessonRoom } = await import("../servers/lesson-room.ts");
  const lesson = await openLessonRoom(PEOPLE);
  await lesson.act("page", { action: "board" });
  await lesson.act("page", { action: "show", page: PAGE });
  const [first = "", second = "", ...others] = lesson.paths;
  await lesson.act("page", { action: "pens", person: new URLSearchParams(first.split("?")[1]).get("viewer") });
  const enter = (path: string) => new WebSocket(`ws://127.0.0.1:${lesson.gate.httpPort}${path}`, "lectern.room.v1");
  const [writer, talker] = [enter(first), enter(second)];
  await pause(SETTLE_SECONDS);
  const hand = new Handwriting(itemIds("abcd"));
  const actions: Readonly<Record<string, (i: number) => void>> = {
    join: (i) => void enter(others[i] ?? ""),
    chat: (i) => talker.send(JSON.stringify({ id: `c${i}`, kind: "chat", text: `line ${i}` })),
    stroke: (i) => {
      const ops = hand.next(performance.now());
      if (ops.length > 0) writer.send(JSON.stringify({ id: `s${i}`, kind: "stroke", page: PAGE, ops }));
    },
  };
  const walks: Walks = {};
  for (const [name, act] of Object.entries(actions)) walks[name] = await walkOfAction(windows, name, act);
  await lesson.close();
  return walks;
}

async function walkOfAction(windows: Windows, name: string, act: (i: number) => void): Promise<Walk> {
  const some: Window[] = [];
  const none = [await windows.during(ACTION.seconds)];
  for (let turn = 0; turn < ACTION.windows; turn++) {
    some.push(await windows.during(ACTION.seconds, () => often(name === "stroke" ? 20 : 4, turn, act)));
    await pause(1);
    none.push(await windows.during(ACTION.seconds));
  }
  return walkOf(ROOT, calledMore(some, none));
}

async function often(times: number, turn: number, act: (i: number) => void): Promise<void> {
  for (let i = 0; i < times; i++) {
    act(turn * times + i);
    await pause(round((ACTION.seconds * 0.8) / times, 3));
  }
}

function mediaWalk(window: Window): Walk {
  return walkOf(
    ROOT,
    calledOften(window, MEDIA.calls).filter(({ file }) => MEDIA.folders.test(file)),
  );
}

async function readAll(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  for await (const _ of response.body ?? []);
}

/** Asks for the playlist and each new part, as a player does. */
async function readHls(url: string, signal: AbortSignal): Promise<void> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    const text = await (await fetch(url, { signal })).text();
    const lines = [...text.matchAll(/^(?!#)\S+|URI="([^"]+)"/gm)].map(([line, uri]) => new URL(uri ?? line, url).href);
    for (const one of lines) {
      if (seen.has(one)) continue;
      seen.add(one);
      if (/m3u8/.test(one)) void readHls(one, signal).catch(() => {});
      else await (await fetch(one, { signal })).arrayBuffer();
    }
    await pause(READ_EVERY_SECONDS);
  }
}

function tabulate(walks: Readonly<Record<string, Walk>>): Table {
  return {
    title: "Walks: files of which a function runs because of it",
    columns: ["walk", "files", "only pass on"],
    rows: Object.entries(walks).map(([name, { files, passingOn }]) => [name, files.length, passingOn.length]),
    notes: Object.entries(walks).flatMap(([name, { files, passingOn }]) => [
      `${name}: ${files.map((file) => (passingOn.includes(file) ? `[${file}]` : file)).join(" ")}`,
    ]),
  };
}

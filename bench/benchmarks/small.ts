/**
 * Measures a small machine: one core and 1 GB. The server with its demonstration, and a lesson with recording and time-shift that 100 students join
 * and watch. Nothing may be killed, and nobody may lose the stream.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Watching, watch } from "../../e2e/lesson-client.ts";
import { MAIN } from "../../e2e/program.ts";
import { benchClip } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { round, type Table } from "../report/table.ts";
import { TOKEN } from "../servers/servers.ts";
import { cpuSeconds, freePort, pause, SERVER_CORE, start, stop } from "../testbed/child-process.ts";
import { limitMemory } from "../testbed/memory-limit.ts";
import { type ProcessFigures, processFigures } from "../testbed/process-figures.ts";
import type { BenchOptions } from "./options.ts";

const VIEWERS = 100;
const MEMORY_BYTES = 2 ** 30;
/** Viewers join within this time. */
const JOIN_SECONDS = 5;
const WATCH_SECONDS = { usual: 120, quick: 20 } as const;
/** Most watch by FLV; the others by what phones and set-top boxes use. */
const PROTOCOLS = ["flv", "flv", "flv", "hls", "rtmp"] as const;

type Server = { readonly http: string; readonly rtmp: string; readonly pid: number };
type Joined = { readonly play: { readonly flv: string; readonly hls: string; readonly rtmp: string } };
type Lesson = { readonly code: string; readonly stream: { readonly rtmpUrl: string } };

export async function benchSmall(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? WATCH_SECONDS.quick : WATCH_SECONDS.usual;
  const data = mkdtempSync(join(tmpdir(), "lectern-bench-small-"));
  const limit = limitMemory(MEMORY_BYTES);
  const [http, rtmp] = [await freePort(), await freePort()];
  const command = [process.execPath, MAIN, "serve", "--demo", "--data", data, "--http-port", `${http}`, "--rtmp-port", `${rtmp}`];
  const begun = performance.now();
  const child = start(limit ? limit.wrap(command) : command, {
    core: SERVER_CORE,
    env: { LECTERN_LOG_LEVEL: "error", LECTERN_ADMIN_TOKEN: TOKEN },
    cwd: data,
  });
  const server = { http: `http://127.0.0.1:${http}`, rtmp: `rtmp://127.0.0.1:${rtmp}`, pid: child.pid ?? 0 };
  while (child.exitCode === null && !(await fetch(`${server.http}/metrics`).catch(() => null))?.ok) await pause(0.1);
  const readySeconds = (performance.now() - begun) / 1000;
  const lesson: Lesson = await ask(server, "/lessons", { title: "Small machine", record: true }, TOKEN);
  const publisher = publishClip(benchClip().file, lesson.stream.rtmpUrl.replace(/^rtmp:\/\/[^/]+/, server.rtmp), "", null);
  await pause(5);
  const viewers = await joinAll(server, lesson);
  await pause(2);
  const before = { cpu: cpuSeconds(server.pid), bytes: viewers.map(({ bytes }) => bytes()), processes: processFigures(server.pid) };
  await pause(seconds);
  const cores = (cpuSeconds(server.pid) - before.cpu) / seconds;
  const processes = processFigures(server.pid);
  const expected = benchClip().bytesPerSecond * seconds;
  const watching = viewers.filter(({ bytes }, i) => bytes() - (before.bytes[i] ?? 0) > 0.8 * expected);
  const gap = Math.max(...watching.map(({ longestGapMs }) => longestGapMs()));
  const used = limit?.read() ?? null;
  for (const { leave } of viewers) leave();
  await publisher.stop();
  await stop(child);
  limit?.close();
  rmSync(data, { recursive: true, force: true });
  const names = new Map(before.processes.map(({ pid, name }) => [pid, name]));
  return {
    title: `One core with 1 GB: a recorded lesson with ${VIEWERS} viewers, and the demonstration`,
    columns: ["what", "figure"],
    rows: [
      ["seconds to ready, new database", round(readySeconds, 1)],
      ["viewers that received the whole lesson", `${watching.length} of ${VIEWERS}`],
      ["longest gap of a viewer, ms", round(gap, 0)],
      ["processes that were replaced", [...names.keys()].filter((pid) => !processes.some((one) => one.pid === pid)).length],
      ["processes that the kernel killed for memory", used === null ? "no limit could be set" : used.kills],
      ["highest memory of the group with its file cache, MB", used === null ? "–" : round(used.peakMb, 0)],
      ["CPU of all processes, cores", round(cores, 2)],
      ...processes.map(({ name, rssMb, pssMb }) => [`${name}: RSS, PSS, MB`, `${round(rssMb, 0)}, ${round(pssMb, 0)}`]),
      ["all processes: RSS, PSS, MB", `${total(processes, "rssMb")}, ${total(processes, "pssMb")}`],
    ],
    notes: [
      `${seconds} s; FLV, HLS and RTMP. The viewers and the lesson's publisher are outside the limit, the demonstration's is inside.`,
    ],
  };
}

function total(processes: readonly ProcessFigures[], figure: "rssMb" | "pssMb"): number {
  return round(
    processes.reduce((sum, one) => sum + one[figure], 0),
    0,
  );
}

/** Joins as guests, as pages do, and opens the stream with the links of the answers. */
async function joinAll(server: Server, lesson: Lesson): Promise<Watching[]> {
  return await Promise.all(
    Array.from({ length: VIEWERS }, async (_, i) => {
      await pause((i / VIEWERS) * JOIN_SECONDS);
      const { play }: Joined = await ask(server, `/lessons/${lesson.code}/join`, { name: `Guest ${i}` }, null);
      const protocol = PROTOCOLS[i % PROTOCOLS.length] ?? "flv";
      return watch(protocol === "rtmp" ? play.rtmp.replace(/^rtmp:\/\/[^/]+/, server.rtmp) : play[protocol]);
    }),
  );
}

async function ask<Answer>({ http }: Server, path: string, body: object, token: string | null): Promise<Answer> {
  const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(`${http}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return JSON.parse(await response.text());
}

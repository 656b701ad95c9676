/** Runs `lectern load`: has the people of a plan use a server that allows it, and tells what they saw. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Clip, readClip } from "../../load/clients/clip-loop.ts";
import { ServerMetrics } from "../../load/measure/server-metrics.ts";
import type { Plan } from "../../load/plan/plan.ts";
import { readPlanFile } from "../../load/plan/read-plan.ts";
import { compareLines, readResult } from "../../load/report/compare.ts";
import { lineOf, linesOf } from "../../load/report/lines.ts";
import { pageOf } from "../../load/report/page.ts";
import { runLoad } from "../../load/run/run-load.ts";
import { TargetApi, TargetRefused } from "../../load/run/target-api.ts";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { UsageError } from "./start-refusal.ts";

export type LoadCommand = {
  readonly files: readonly string[];
  /** Default: this machine's server. */
  readonly target: string | undefined;
  /** Default: `load.secret` of this machine's configuration. */
  readonly secret: string | undefined;
  /** Pages of metrics besides the target's own. */
  readonly metrics: readonly string[];
  readonly html: string | null;
  readonly json: boolean;
  readonly keep: boolean;
  readonly clean: boolean;
  readonly compare: boolean;
};

const USAGE =
  "usage: lectern load PLAN.yaml [--target URL] [--secret S], lectern load --compare A.json B.json, or lectern load --clean";
const CLIP_SECONDS = 10;
const AUDIO_KBPS = 48;

/** @returns the exit code: 1 where a goal was missed, or the server refused the test */
export async function loadCommand(sources: ConfigSources, command: LoadCommand): Promise<number> {
  const { files, compare, clean } = command;
  if (compare) return compareFiles(files);
  const [file] = files;
  if (clean ? files.length > 0 : files.length !== 1) throw new UsageError(USAGE);
  const read = file === undefined ? null : readPlanFile(file);
  if (read && "mistakes" in read) {
    process.stderr.write(`${read.mistakes.join("\n")}\n`);
    return 1;
  }
  const { api, secret } = targetOf(sources, command);
  try {
    if (!read || file === undefined) return await cleanUp(api, secret);
    return await runPlan(read.plan, { api, secret, command, folder: dirname(resolve(file)) });
  } catch (error) {
    if (!(error instanceof TargetRefused)) throw error;
    process.stderr.write(`lectern: ${error.message}\n`);
    return 1;
  } finally {
    api.close();
  }
}

type RunOptions = {
  readonly api: TargetApi;
  readonly secret: string;
  readonly command: LoadCommand;
  /** Of the plan. */
  readonly folder: string;
};

async function runPlan(plan: Plan, { api, secret, command, folder }: RunOptions): Promise<number> {
  const token = process.env["LECTERN_ADMIN_TOKEN"] ?? null;
  const pages = [new URL("/metrics", api.origin), ...command.metrics.map((url) => new URL(url))];
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  // Results in JSON are alone on the output.
  const live = command.json ? process.stderr : process.stdout;
  const result = await runLoad({
    plan,
    api,
    secret,
    clip: clipOf(plan, folder),
    servers: pages.map((url) => new ServerMetrics(url, token)),
    keep: command.keep,
    onSecond: (second) => live.write(`${lineOf(second)}\n`),
    signal: interrupted.signal,
  });
  process.removeListener("SIGINT", interrupt);
  process.removeListener("SIGTERM", interrupt);
  if (command.html !== null) writeFileSync(command.html, pageOf(result));
  live.write(`\n${linesOf(result).join("\n")}\n`);
  if (command.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  if (interrupted.signal.aborted) process.stderr.write("lectern: the test was interrupted before its end\n");
  return result.goals.every(({ isMet }) => isMet) && !interrupted.signal.aborted ? 0 : 1;
}

async function cleanUp(api: TargetApi, secret: string): Promise<number> {
  const count = await api.end(secret);
  process.stdout.write(`${count} load tests ended; what they made is being deleted\n`);
  return 0;
}

function compareFiles(files: readonly string[]): number {
  const [first, second] = files;
  if (first === undefined || second === undefined || files.length !== 2) throw new UsageError(USAGE);
  const read = (file: string) => readResult(readFileSync(file, "utf8"), file);
  try {
    process.stdout.write(`${compareLines(read(first), read(second)).join("\n")}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`lectern: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function targetOf(sources: ConfigSources, { target, secret }: LoadCommand): { api: TargetApi; secret: string } {
  const config = loadConfig(sources);
  const origin = URL.parse(target ?? `http://127.0.0.1:${config.http.port}`);
  if (!origin || !/^https?:$/.test(origin.protocol)) throw new UsageError(`--target is not an http or https address: ${target}`);
  return { api: new TargetApi(new URL(origin.origin)), secret: secret ?? config.load.secret };
}

/** Null: nobody publishes. */
function clipOf(plan: Plan, folder: string): Clip | null {
  if (plan.lessons.every(({ publisher }) => publisher === null)) return null;
  const { file, kbps } = plan.media;
  if (file === null) return madeClip(kbps);
  const path = resolve(folder, file);
  try {
    return readClip(readFileSync(path));
  } catch (error) {
    throw new UsageError(`media.file ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A test picture with a tone: a key frame every second, without B-frames, as browsers and cameras send. */
function madeClip(kbps: number): Clip {
  const folder = mkdtempSync(join(tmpdir(), "lectern-load-"));
  const path = join(folder, "clip.flv");
  const video = String(Math.max(1, kbps - AUDIO_KBPS));
  try {
    execFileSync(
      "ffmpeg",
      [
        ...["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=15"],
        ...["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100", "-t", String(CLIP_SECONDS)],
        ...["-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-bf", "0", "-g", "15", "-pix_fmt", "yuv420p"],
        ...["-b:v", `${video}k`, "-maxrate", `${video}k`, "-bufsize", `${video}k`, "-c:a", "aac", "-b:a", `${AUDIO_KBPS}k`],
        ...["-f", "flv", path],
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    return readClip(readFileSync(path));
  } catch (error) {
    throw new UsageError(
      `the clip for the publishers cannot be made with ffmpeg; name one with media.file (${error instanceof Error ? error.message.split("\n")[0] : error})`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

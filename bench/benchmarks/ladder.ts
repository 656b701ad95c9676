/**
 * Ladders: what they cost the server itself and the encoder, how much later a rung arrives than its source, whether it has the same frames and
 * key frames, and how much it looks like its source.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clip as testClip } from "../../e2e/clips.ts";
import { type Rung, rungsOf } from "../../packages/server/src/live/transcode/rungs.ts";
import { benchClip } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { encoderCpuSeconds, encoderInput } from "../load/encoder-cost.ts";
import { type Arrival, viewFrames } from "../load/frame-viewer.ts";
import { startRtmpPublishers } from "../load/rtmp-publishers.ts";
import { similarity } from "../report/similarity.ts";
import { median, quantile, round, type Table } from "../report/table.ts";
import { startLectern } from "../servers/servers.ts";
import { ownCpuSeconds, pause, processTree, programOf, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const STREAMS = 4;
const LADDER = ["ladder.rungs=mobile", "ladder.start=publish", "ladder.encoder=software"];
/** Of a source of 720p, the largest first. */
const RUNGS = ["480p", "360p", "saver", "audio"] as const;
const SIZE = { width: 1280, height: 720 } as const;
const FRAMES_PER_SECOND = 30;
const AUDIO_KBPS = 128;
/** Logs are full, and encoders have come to the present; for what is not measured in CPU, the latter is enough. */
const SETTLE_SECONDS = { cpu: 25, delay: 10 } as const;
/** Before that, a viewer receives frames of the past. */
const JOIN_MS = 3000;

type Row = readonly (string | number | null)[];
/** A figure for each rung. */
const perRung = (what: string, of: (rung: (typeof RUNGS)[number]) => string | number | null): Row => [what, null, ...RUNGS.map(of)];

export async function benchLadder(options: BenchOptions): Promise<Table> {
  const clip = benchClip();
  const rows: Row[] = [
    ...(await serverCosts(options, clip.file)),
    ...(await encoderCosts(options, clip)),
    ...(await ofClip(options, "bench, 30 fps", clip.file)),
    ...(await ofClip(options, "4 Mb/s, 25 fps", testClip("4 Mb/s", 16))),
    ...(await ofClip(options, "12 Mb/s of noise, 25 fps", testClip("12 Mb/s", 20))),
  ];
  return {
    title: "Ladders (mobile) of sources of 1280×720, encoded by libx264",
    columns: ["what", "all", ...RUNGS],
    rows,
    notes: [
      `Own processes: all of the server without ffmpeg, medians of ${options.repeats}, interleaved; ${STREAMS} streams of about 1.08 Mbps, nobody watching.`,
      "Cores of a rung: of ffmpeg with this rung alone, less those of decoding. A megapixel/s is of the rung's pictures.",
      "Added delay: a frame at a viewer of the rung, after the frame of the same time at a viewer of the source (writes each 10 ms, one stream, one ladder).",
      "SSIM: the rung scaled to the source's size. Bits: of all tracks in the same time.",
    ],
  };
}

/** What the server's own processes need for streams with and without a ladder, and the encoders of all. */
async function serverCosts({ quick, repeats }: BenchOptions, file: string): Promise<Row[]> {
  const seconds = quick ? 10 : 30;
  const seen = { without: [] as number[], with: [] as number[], encoders: [] as number[], ladders: [] as number[] };
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const kind of ["without", "with"] as const) {
      process.stderr.write(`bench: ${STREAMS} streams ${kind} ladders\n`);
      const lectern = await startLectern(kind === "with" ? LADDER : [], null, null);
      const publishers = startRtmpPublishers(lectern.push ?? "", file, STREAMS);
      await pause(SETTLE_SECONDS.cpu);
      const before = cpuOf(lectern.pid);
      await pause(seconds);
      const after = cpuOf(lectern.pid);
      seen[kind].push((after.own - before.own) / seconds);
      if (kind === "with") {
        seen.encoders.push((after.encoders - before.encoders) / seconds);
        seen.ladders.push(after.ladders);
      }
      publishers.kill("SIGKILL");
      await stop(lectern.process);
    }
  const [without, withLadders] = [median(seen.without), median(seen.with)];
  const row = (what: string, figure: number): Row => [what, figure, ...RUNGS.map(() => null)];
  return [
    row(`own processes, ${STREAMS} streams without ladders, cores`, round(without, 4)),
    row(`own processes, ${STREAMS} streams with ladders, cores`, round(withLadders, 4)),
    row("with ladders, times without", round(withLadders / without, 2)),
    row("ladders that were encoded", Math.min(...seen.ladders)),
    row("ffmpeg, cores for each stream", round(median(seen.encoders) / Math.max(1, Math.min(...seen.ladders)), 3)),
  ];
}

/** CPU seconds of the server's own processes and of the encoders, and how many of these run. */
function cpuOf(pid: number): { readonly own: number; readonly encoders: number; readonly ladders: number } {
  const tree = processTree(pid);
  const encoders = tree.filter((one) => programOf(one) === "ffmpeg");
  const sum = (pids: readonly number[]) => pids.reduce((total, one) => total + ownCpuSeconds(one), 0);
  return { own: sum(tree.filter((one) => !encoders.includes(one))), encoders: sum(encoders), ladders: encoders.length };
}

/** Of ffmpeg alone: of decoding, of all rungs, and of each one. */
async function encoderCosts({ quick, repeats }: BenchOptions, clip: { file: string; bytesPerSecond: number }): Promise<Row[]> {
  const input = encoderInput(clip.file);
  const mediaSeconds = statSync(clip.file).size / clip.bytesPerSecond;
  const videoKbps = (clip.bytesPerSecond * 8) / 1000 - AUDIO_KBPS;
  const rungs = rungsOf("mobile", {
    video: { ...SIZE, frameRate: FRAMES_PER_SECOND, codec: "avc1" },
    audio: { codecString: "mp4a.40.2", codec: "mp4a" },
    videoKbps,
    audioKbps: AUDIO_KBPS,
  });
  const encoded = rungs.filter(({ video, audio }) => video || audio);
  const cores = async (some: readonly Rung[]) => {
    const times: number[] = [];
    for (let i = 0; i < (quick ? 1 : repeats); i++) times.push(await encoderCpuSeconds(input, some));
    return median(times) / mediaSeconds;
  };
  process.stderr.write("bench: the encoder alone\n");
  const decoding = await cores([]);
  const all = await cores(encoded);
  const each = new Map<string, { readonly cores: number; readonly megapixels: number }>();
  for (const { name, video, audio } of encoded) {
    const megapixels = video ? (video.width * video.height * FRAMES_PER_SECOND) / 1e6 : 0;
    each.set(name, { cores: (await cores([{ name, video, audio }])) - decoding, megapixels });
  }
  const none = RUNGS.map(() => null);
  return [
    ["ffmpeg alone: decoding, cores", round(decoding, 3), ...none],
    ["ffmpeg alone: decoding and all rungs, cores", round(all, 3), ...none],
    perRung("ffmpeg alone: a rung, cores", (rung) => round(each.get(rung)?.cores ?? 0, 3)),
    perRung("ffmpeg alone: thousandths of a core for a megapixel/s", (rung) => {
      const { cores = 0, megapixels = 0 } = each.get(rung) ?? {};
      return megapixels > 0 ? round((cores / megapixels) * 1000, 1) : null;
    }),
  ];
}

/** One stream with its ladder: delay, frames, similarity and bits of each rung. */
async function ofClip({ quick }: BenchOptions, what: string, file: string): Promise<Row[]> {
  process.stderr.write(`bench: delay and similarity, ${what}\n`);
  const directory = mkdtempSync(join(tmpdir(), "lectern-bench-"));
  const lectern = await startLectern([...LADDER, "viewer.batchMs=10"], null, null);
  const publisher = publishClip(file, `${lectern.push}/x`, "", null);
  await pause(SETTLE_SECONDS.delay);
  const recorded = (name: string) => join(directory, `${name}.flv`);
  const source = viewFrames(lectern.play("x"), recorded("source"));
  const rungs = new Map(RUNGS.map((rung) => [rung, viewFrames(lectern.play(`x@${rung}`), recorded(rung))]));
  await pause(JOIN_MS / 1000 + (quick ? 15 : 60));
  await Promise.all([source, ...rungs.values()].map((viewer) => viewer.close()));
  await publisher.stop();
  await stop(lectern.process);
  const compared = new Map([...rungs].map(([rung, { arrivals }]) => [rung, compare(source.arrivals, arrivals, rung !== "audio")]));
  const similar = new Map<string, number | null>();
  for (const rung of ["480p", "saver"] as const) similar.set(rung, await similarity(recorded(rung), recorded("source"), SIZE));
  rmSync(directory, { recursive: true, force: true });
  const row = (name: string, of: (rung: (typeof RUNGS)[number]) => string | number | null) => perRung(`${what}: ${name}`, of);
  return [
    row("added delay, median / p95 ms", (rung) => compared.get(rung)?.delay ?? null),
    row("frames, of those of the source", (rung) => compared.get(rung)?.frames ?? null),
    row("key frames, of those of the source", (rung) => (rung === "audio" ? null : (compared.get(rung)?.keys ?? null))),
    row("SSIM", (rung) => (typeof similar.get(rung) === "number" ? round(similar.get(rung) ?? 0, 3) : null)),
    row("bits, % of the source's", (rung) => compared.get(rung)?.bits ?? null),
  ];
}

type Comparison = { readonly delay: string; readonly frames: string; readonly keys: string; readonly bits: number };

/** Compares what both viewers received of the same time, after both had joined. Null where a rung did not come. */
function compare(source: readonly Arrival[], rung: readonly Arrival[], hasVideo: boolean): Comparison | null {
  const track = hasVideo ? "video" : "audio";
  const joined = (of: readonly Arrival[]) => of.filter(({ at }) => at > (of[0]?.at ?? 0) + JOIN_MS);
  const times = [joined(source), joined(rung)].map((of) => of.filter((one) => one.track === track).map(({ time }) => time));
  const from = Math.max(...times.map((some) => Math.min(...some)));
  const to = Math.min(...times.map((some) => Math.max(...some)));
  if (!Number.isFinite(from) || from >= to) return null;
  const within = (of: readonly Arrival[]) => of.filter(({ time }) => time >= from && time <= to);
  const [ofSource, ofRung] = [within(source), within(rung)];
  const arrivedAt = new Map(ofSource.filter((one) => one.track === track).map(({ time, at }) => [time, at]));
  const [sourceFrames, rungFrames] = [ofSource, ofRung].map((of) => of.filter((one) => one.track === track)) as [
    Arrival[],
    Arrival[],
  ];
  const delays = rungFrames.flatMap(({ time, at }) => {
    const before = arrivedAt.get(time);
    return before === undefined ? [] : [at - before];
  });
  const keys = new Set(sourceFrames.filter(({ key }) => key).map(({ time }) => time));
  const sameKeys = rungFrames.filter(({ key, time }) => key && keys.has(time)).length;
  const otherKeys = rungFrames.filter(({ key, time }) => key && !keys.has(time)).length;
  const bytes = (of: readonly Arrival[]) => of.reduce((sum, one) => sum + one.bytes, 0);
  return {
    delay: `${round(median(delays), 0)} / ${round(quantile(delays, 0.95), 0)}`,
    frames: `${delays.length} of ${sourceFrames.length}`,
    keys: `${sameKeys} of ${keys.size}${otherKeys > 0 ? `, ${otherKeys} others` : ""}`,
    bits: round((bytes(ofRung) / bytes(ofSource)) * 100, 1),
  };
}

/** Makes the downloads with a watermark, the pictures and the board videos of lessons that the supervisor gives to this worker, and reports how far they are. */
import { rm } from "node:fs/promises";
import type { RecordingInfo } from "../../access/policies/recording-info.ts";
import type { BoardVideoOrder } from "../../contracts/recordings/board-video-order.ts";
import type { CompositeOrder } from "../../contracts/recordings/composite-order.ts";
import type {
  DownloadAttempt,
  DownloadProblem,
  DownloadReport,
  DownloadTask,
  DownloadWorkerMessages,
} from "../../contracts/recordings/download-messages.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { Refusal } from "../../platform/refusal.ts";
import { makeBoardVideo } from "../board-videos/board-video-file.ts";
import { BoardVideoLog, type BoardVideoLogOptions } from "../board-videos/board-video-log.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { makeComposite } from "../composite-recordings/composite-file.ts";
import type { EncoderStop } from "../encoding/encoder-run.ts";
import { downloadPath, makingFolder } from "../files/download-files.ts";
import { contextOfAll, flvFile, mp4File } from "../replay/downloads.ts";
import { type RequestFile, remoteFiles, timelineOf } from "../replay/remote-files.ts";
import { timelineSpans } from "../replay/room-spans.ts";
import type { SegmentCache } from "../replay/segment-cache.ts";
import { makeWatermarkedFile, type WatermarkedFile } from "./watermarked-file.ts";

export type WorkerEncodingOptions = {
  readonly dataDir: string;
  /** ffmpeg, looked for in PATH. */
  readonly command: string;
  readonly catalog: Catalog;
  readonly cache: SegmentCache;
  readonly infoOf: (recording: string) => Promise<RecordingInfo | Refusal>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly report: (report: DownloadReport) => void;
  /** Asks another node for a recorded file. */
  readonly requestFile: RequestFile;
  /** Asks the control process for the log of a room. */
  readonly askRoom: BoardVideoLogOptions["ask"];
  readonly readMaterial: BoardVideoLogOptions["readMaterial"];
  /** A picture has become a recording, whose file is whole. */
  readonly recorded: (recording: string, path: string) => void;
};

type Making = { isStopped: boolean; file: Pick<WatermarkedFile, "stop"> | null; readonly ended: Promise<void> };

export class WorkerEncodings {
  private readonly options: WorkerEncodingOptions;
  private readonly making = new Map<string, Making>();

  constructor(options: WorkerEncodingOptions) {
    this.options = options;
  }

  readonly handlers: DownloadWorkerMessages = {
    makeDownload: (task) => this.begin(task),
    stopDownload: (of) => this.stop(of),
  };

  /** Kills the programs. */
  close(): void {
    for (const { file } of this.making.values()) file?.stop();
  }

  private begin(task: DownloadTask): void {
    const name = nameOf(task);
    const making: Making = {
      isStopped: false,
      file: null,
      // The task is in the map before it begins.
      ended: Promise.resolve().then(() => this.make(task, making)),
    };
    this.making.set(name, making);
    void making.ended.finally(() => this.making.delete(name));
  }

  private async stop(of: DownloadAttempt): Promise<void> {
    const making = this.making.get(nameOf(of));
    if (!making) return;
    making.isStopped = true;
    making.file?.stop();
    await making.ended;
    // It may have become whole just before.
    await rm(downloadPath(this.options.dataDir, of), { force: true });
  }

  private async make(task: DownloadTask, making: Making): Promise<void> {
    const made = await this.fileOf(task, making).catch((error: unknown): DownloadProblem => {
      this.options.log.warn({ recording: task.recording, err: error }, "download failed");
      return "failed";
    });
    const { report } = this.options;
    const of = { id: task.id, cores: null };
    if (typeof made === "number") report({ ...of, state: "done", bytes: made });
    else report({ ...of, state: "failed", bytes: 0, problem: made });
  }

  private fileOf(task: DownloadTask, making: Making): Promise<number | DownloadProblem> {
    if (task.picture) return this.picture(task, task.picture, making);
    return task.film ? this.film(task, task.film, making) : this.file(task, making);
  }

  private async picture(task: DownloadTask, order: CompositeOrder, making: Making): Promise<number | DownloadProblem> {
    const { dataDir, command, catalog, clock, log, report, recorded, requestFile } = this.options;
    const remote = remoteFiles(requestFile);
    const open = (files: readonly string[]) => timelineOf(catalog, remote, files);
    const people = await Promise.all(
      order.people.map(async ({ recordings, ...of }) => ({ ...of, timelines: await Promise.all(recordings.map(open)) })),
    ).catch((error: unknown) => {
      log.warn({ lesson: task.recording, err: error }, "composite recording failed");
      return null;
    });
    if (!people) return "storage-away";
    const run = runOf(making);
    const { maxBytes } = task;
    const made = await makeComposite(
      {
        command,
        order,
        people,
        maxBytes,
        clock,
        folder: makingFolder(dataDir, task),
        record: catalog.directories.record,
        keys: catalog.keys,
        onProgress: (share, bytes, cores) => report({ id: task.id, state: "running", share, bytes, cores }),
        onFailure: (reason) => log.warn({ lesson: task.recording, reason }, "composite recording incomplete or failed"),
      },
      run,
    );
    if (typeof made === "string") return made;
    recorded(order.result, made.path);
    return made.bytes;
  }

  private async film(task: DownloadTask, { lesson }: BoardVideoOrder, making: Making): Promise<number | DownloadProblem> {
    const { dataDir, command, catalog, cache, infoOf, clock, log, report, askRoom: ask, readMaterial } = this.options;
    const info = await infoOf(task.recording);
    if (info instanceof Refusal) return "storage-away";
    const timeline = await catalog.recording(info.files);
    const spans = timelineSpans(timeline);
    const { at, lasts } = spans.at(-1) ?? { at: 0, lasts: 0 };
    const mp4 = mp4File(timeline, cache);
    const source = mp4 ?? flvFile(timeline, 0);
    if (!source) return "storage-away";
    const run = runOf(making);
    return await makeBoardVideo(
      {
        command,
        source,
        spans,
        clock,
        format: mp4 ? "mp4" : "flv",
        maxBytes: task.maxBytes,
        folder: makingFolder(dataDir, task),
        path: downloadPath(dataDir, task),
        hasVideo: (timeline.segment(0)?.context.video?.format?.width ?? 0) > 0,
        log: new BoardVideoLog({ ask, lesson, before: at + lasts, readMaterial }),
        onProgress: (share, bytes, cores) => report({ id: task.id, state: "running", share, bytes, cores }),
        onFailure: (reason) => log.warn({ recording: task.recording, reason }, "board video failed"),
      },
      run,
    );
  }

  private async file(task: DownloadTask, making: Making): Promise<number | DownloadProblem> {
    const { dataDir, command, catalog, cache, infoOf, clock, log, report } = this.options;
    const info = await infoOf(task.recording);
    if (info instanceof Refusal) return "storage-away";
    const timeline = await catalog.recording(info.files);
    const all = contextOfAll(timeline);
    const video = all?.video ?? timeline.segment(0)?.context.video;
    if (timeline.length === 0) return "storage-away";
    if (!video?.format || video.format.width === 0) return "no-picture";
    const source = mp4File(timeline, cache);
    if (!source) return "not-in-mp4";
    if (making.isStopped || !task.mark) return "failed";
    const { width, height } = video.format;
    const marked = makeWatermarkedFile({
      command,
      source,
      clock,
      mark: task.mark,
      maxKbps: task.maxKbps,
      maxBytes: task.maxBytes,
      folder: makingFolder(dataDir, task),
      path: downloadPath(dataDir, task),
      seconds: timeline.duration,
      picture: { width, height },
      changesSize: all === null,
      onProgress: (share, bytes, cores) => report({ id: task.id, state: "running", share, bytes, cores }),
      onFailure: (reason) => log.warn({ recording: task.recording, reason }, "download with a watermark failed"),
    });
    making.file = marked;
    return await marked.made;
  }
}

/** What stops a program that a task begins. */
function runOf(making: Making): EncoderStop {
  const run = { stopped: making.isStopped, kill: () => {} };
  making.file = {
    stop: () => {
      run.stopped = true;
      run.kill();
    },
  };
  return run;
}

function nameOf({ id, attempt }: DownloadAttempt): string {
  return `${id} ${attempt}`;
}

/** Provides downloads with a watermark, and composite recordings, whose files this node has: has the workers make what the queue begins. */
import { mkdir, rm, statfs } from "node:fs/promises";
import type { DownloadNodeMessages, DownloadReportMessages } from "../../contracts/recordings/download-messages.ts";
import { EncodingQueue } from "../../library/downloads/encoding-queue.ts";
import { downloadPath, downloadsOf, makingFolder } from "../../library/files/download-files.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { NodeContext } from "./node-context.ts";

/** A program that was killed is gone within this. */
const STOPPED_WITHIN_MS = 10_000;

export type DownloadHandlersOptions = {
  readonly context: NodeContext;
  readonly clock: Clock;
  readonly config: () => Config;
  /** Takes idle cores; false: there are too few. */
  readonly takeCores: (key: string, cores: number) => boolean;
  /** Whether the node does without files of a school for now. */
  readonly isShed: (school: string) => boolean;
};

export class DownloadHandlers {
  private readonly queue: EncodingQueue;

  constructor({ context, clock, config, takeCores, isShed }: DownloadHandlersOptions) {
    const { dataDir } = config();
    const { workers } = context;
    // Files of a run before, which nobody knows any more.
    const folder = downloadsOf(dataDir);
    const emptied = rm(folder, { recursive: true, force: true }).catch(() => {});
    this.queue = new EncodingQueue({
      clock,
      takeCores,
      isShed,
      workers: () => workers.names,
      settings: () => {
        const { atOnce, keepSeconds, maxBytes } = config().downloads;
        return { atOnce, keepMs: keepSeconds * 1000, maxBytes };
      },
      freeBytes: async () => {
        await emptied;
        // It may be a disk of its own.
        await mkdir(folder, { recursive: true }).catch(() => {});
        return await statfs(folder).then(
          ({ bavail, bsize }) => bavail * bsize,
          () => null,
        );
      },
      start: (worker, task) => workers.channel(worker)?.tell("makeDownload", task),
      stop: async (worker, of) => {
        await workers
          .channel(worker)
          ?.call("stopDownload", of, STOPPED_WITHIN_MS)
          .catch(() => {});
        // What a worker that died has left.
        await rm(makingFolder(dataDir, of), { recursive: true, force: true });
      },
      remove: (of) => rm(downloadPath(dataDir, of), { force: true }),
    });
  }

  get yielding(): number {
    return this.queue.yielding;
  }

  handlersFor(process: string): DownloadReportMessages {
    return {
      downloadReport: (report) => this.queue.take(process, report),
    };
  }

  nodeHandlers(): DownloadNodeMessages {
    return {
      orderDownload: (of) => this.queue.order(of),
      findDownload: async (of) => this.queue.find(of),
      cancelDownload: (of) => this.queue.cancel(of),
    };
  }

  workerGone(name: string): void {
    this.queue.workerGone(name);
  }

  /** To be called each second. */
  sweep(): void {
    this.queue.sweep();
  }
}

/** Converts the materials that the supervisor gives to this worker, one or a few at a time, and reports how far each is. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type {
  ConversionReport,
  ConversionTask,
  MaterialProblem,
  MaterialWorkerMessages,
} from "../../contracts/materials/material-messages.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import { isDiskFull } from "../encoding/encoder-run.ts";
import { ConversionProgress, REPORT_MS } from "./conversion-progress.ts";
import { type Converted, convertMaterial } from "./convert.ts";
import { jobsFolder, type MaterialFiles } from "./material-files.ts";
import { MaterialFailure } from "./problem.ts";
import { missingProtection, openJob, probeSandbox, removeJob, type SandboxMode } from "./sandbox.ts";
import { Interrupted } from "./steps.ts";

export type ConversionsOptions = {
  readonly config: () => Pick<Config, "dataDir" | "materials">;
  readonly log: Logger;
  readonly files: MaterialFiles;
  /** The name of this worker on its node, and in the cluster. */
  readonly name: string;
  readonly worker: string;
  /** False: nobody wants the attempt any more. */
  readonly report: (report: ConversionReport) => Promise<boolean>;
};

/** A control process that does not answer is asked for so long how the attempt has ended. */
const TELL_WITHIN_MS = 120_000;
const SILENT_MS = 120_000;
/** What a document of an office program unpacks to, and a picture's pixels: about 600 MB of memory. */
const UNPACKED_BYTES = 512 * 1024 * 1024;
const MAX_PIXELS = 100_000_000;
/** Everything in a job's folder: the source, a PDF of it, a profile of LibreOffice, and the pictures. */
const JOB_BYTES = 600 * 1024 * 1024;

type Running = { readonly stop: AbortController; readonly ended: Promise<void> };

export class Conversions {
  private readonly options: ConversionsOptions;
  private readonly running = new Map<string, Running>();
  private readonly emptied: Promise<void>;
  private mode: Promise<SandboxMode | null> | null = null;

  constructor(options: ConversionsOptions) {
    this.options = options;
    // What a worker of this name has left that was killed; its programs died with it.
    this.emptied = rm(this.folder, { recursive: true, force: true }).catch(() => {});
  }

  readonly handlers: MaterialWorkerMessages = { convert: (task) => this.begin(task) };

  /** Kills the programs; another worker begins again. */
  async close(): Promise<void> {
    for (const { stop } of this.running.values()) stop.abort();
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  private get folder(): string {
    return jobsFolder(this.options.config().dataDir, this.options.name);
  }

  private begin(task: ConversionTask): void {
    const name = `${task.id}-${task.term}`;
    if (this.running.has(name)) return;
    const stop = new AbortController();
    const ended = this.run(task, join(this.folder, name), stop).catch((error: unknown) => {
      this.options.log.error({ err: error, material: task.id }, "conversion report failed");
    });
    this.running.set(name, { stop, ended });
    void ended.finally(() => this.running.delete(name));
  }

  private async run(task: ConversionTask, folder: string, stop: AbortController): Promise<void> {
    const { log, files, worker } = this.options;
    const of = { id: task.id, term: task.term, worker };
    const progress = new ConversionProgress(
      of,
      (report) => this.options.report(report),
      () => stop.abort(),
    );
    let result: ConversionReport;
    try {
      await this.emptied;
      const converted = await this.convert(task, folder, stop.signal, progress);
      await progress.close();
      await files.storeOriginal(task.id);
      result = { ...of, state: "ready", stored: files.store !== null, ...converted };
    } catch (error) {
      await progress.close();
      const problem = problemOf(error);
      // The log has what the programs said; the teacher gets the words of the code.
      if (!stop.signal.aborted) log.warn({ material: task.id, problem, reason: String(error) }, "material not converted");
      result = { ...of, state: "failed", problem };
    } finally {
      await removeJob(folder);
    }
    if (!stop.signal.aborted) await this.tell(result);
  }

  private async convert(task: ConversionTask, folder: string, stop: AbortSignal, progress: ConversionProgress): Promise<Converted> {
    const { files } = this.options;
    const { materials } = this.options.config();
    const mode = await this.sandboxMode();
    if (mode === null) throw new MaterialFailure("sandbox-missing", missingProtection(null));
    const limits = {
      memoryBytes: materials.memoryBytes,
      withinMs: materials.timeSeconds * 1000,
      silentMs: Math.min(SILENT_MS, materials.timeSeconds * 1000),
      maxBytes: JOB_BYTES + 2 * task.size,
    };
    return await convertMaterial({
      task,
      files,
      job: await openJob(mode, folder, limits, stop),
      scanner: materials.scanner,
      maxPages: materials.maxPages,
      formats: { unpackedBytes: UNPACKED_BYTES, pixels: MAX_PIXELS },
      onTotal: (pages) => progress.begin(pages),
      onPage: (page) => progress.add(page),
    });
  }

  private async sandboxMode(): Promise<SandboxMode | null> {
    if (this.options.config().materials.sandbox === "off") return "open";
    // What the machine allows does not change; what failed may have been a full disk.
    this.mode ??= this.probe();
    const mode = await this.mode.catch((error: unknown) => {
      this.mode = null;
      throw new Interrupted(String(error));
    });
    if (mode === null) this.mode = null;
    return mode;
  }

  private async probe(): Promise<SandboxMode | null> {
    const mode = await probeSandbox();
    if (mode === "confined")
      this.options.log.warn({ mode, missing: missingProtection(mode) }, "material sandbox without namespaces");
    return mode;
  }

  private async tell(result: ConversionReport): Promise<void> {
    const until = performance.now() + TELL_WITHIN_MS;
    for (;;) {
      try {
        await this.options.report(result);
        return;
      } catch (error) {
        if (performance.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, REPORT_MS));
      }
    }
  }
}

function problemOf(error: unknown): MaterialProblem {
  if (error instanceof MaterialFailure) return error.problem;
  if (error instanceof Interrupted) return "interrupted";
  return isDiskFull(error) ? "disk-full" : "failed";
}

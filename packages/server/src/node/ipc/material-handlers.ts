/**
 * Provides teaching materials at this node: gives conversions to workers, passes what they report to a control process, and answers what is asked of
 * the files that are here.
 */

import {
  type ConversionReportMessages,
  MATERIAL_FILE,
  type MaterialNodeMessages,
} from "../../contracts/materials/material-messages.ts";
import { MaterialFiles } from "../../library/materials/material-files.ts";
import type { Config } from "../../platform/config/schema.ts";
import { ID } from "../../platform/id.ts";
import type { AskControl } from "./control-questions.ts";
import type { NodeContext } from "./node-context.ts";

/** A worker that reports nothing for so long does not convert the material any more. */
const SILENT_MS = 30_000;
/** On a machine without an idle core, a conversion begins after so long all the same: it runs behind everything else. */
const PATIENCE_MS = 3000;
/** A place that is kept for a conversion which does not begin. */
const RESERVED_MS = 5000;
const CORES = 1;

type Running = { readonly worker: string; heardAt: number };

export class MaterialHandlers {
  private readonly context: NodeContext;
  private readonly config: () => Config;
  private readonly takeCores: (key: string, cores: number) => boolean;
  /** By the material and the term. */
  private readonly running = new Map<string, Running>();
  /** Places that are kept, by material: until when. */
  private readonly reserved = new Map<string, number>();
  private readonly files: MaterialFiles;

  /** @param takeCores takes idle cores; false: there are too few */
  constructor(context: NodeContext, config: () => Config, takeCores: (key: string, cores: number) => boolean) {
    this.context = context;
    this.config = config;
    this.takeCores = takeCores;
    // The files of this node only: other processes read what is elsewhere.
    this.files = new MaterialFiles({ dataDir: config().dataDir, store: null, self: "", askNode: async () => null });
  }

  /** @param askControl passes on what a worker reports */
  handlers(askControl: AskControl): ConversionReportMessages {
    return {
      materialReport: async (report) => {
        const name = `${report.id} ${report.term}`;
        const running = this.running.get(name);
        if (running) running.heardAt = performance.now();
        const isWanted = await askControl("materialReport", report);
        if (report.state !== "converting" || !isWanted) this.running.delete(name);
        return isWanted;
      },
    };
  }

  nodeHandlers(): MaterialNodeMessages {
    return {
      reserveMaterial: async ({ id, waitedMs }) => this.reserve(id, waitedMs),
      convertMaterial: async ({ task, waitedMs }) => {
        const isReserved = this.reserved.delete(task.id) || this.reserve(task.id, waitedMs);
        this.reserved.delete(task.id);
        const worker = isReserved ? this.leastBusy() : null;
        if (worker === null) return "busy";
        const key = `${task.id} ${task.term}`;
        this.running.set(key, { worker, heardAt: performance.now() });
        // A worker that has just died, or is still starting, takes nothing.
        const begun = this.context.workers
          .channel(worker)
          ?.call("convert", task)
          .then(
            () => true,
            () => false,
          );
        if (await begun) return "begun";
        this.running.delete(key);
        return "busy";
      },
      uploadedBytes: ({ id }) => this.files.uploaded(checkedId(id)),
      writeUpload: async ({ id, offset, base64 }) => {
        await this.files.write(checkedId(id), offset, Buffer.from(base64, "base64"));
        return null;
      },
      readMaterial: async ({ id, file }) => {
        if (!MATERIAL_FILE.test(file)) throw new Error("there are no materials' files of this name");
        return (await this.files.readHere(checkedId(id), file))?.toString("base64") ?? null;
      },
      removeMaterial: async ({ id }) => {
        await this.files.removeHere(checkedId(id));
        return null;
      },
    };
  }

  workerGone(name: string): void {
    for (const [key, { worker }] of this.running) if (worker === name) this.running.delete(key);
  }

  /** Takes a place and cores for a conversion. @returns whether there are some */
  private reserve(id: string, waitedMs: number): boolean {
    const now = performance.now();
    for (const [name, { heardAt }] of this.running) if (now - heardAt > SILENT_MS) this.running.delete(name);
    for (const [key, until] of this.reserved) if (now > until) this.reserved.delete(key);
    const count = this.running.size + this.reserved.size;
    if (count >= this.config().materials.atOnce || this.context.workers.names.length === 0) return false;
    const isPatient = count > 0 || waitedMs < PATIENCE_MS;
    if (!this.takeCores(id, CORES) && isPatient) return false;
    this.reserved.set(id, now + RESERVED_MS);
    return true;
  }

  /** The worker with the fewest conversions. */
  private leastBusy(): string | null {
    const busy = (worker: string) => [...this.running.values()].filter((one) => one.worker === worker).length;
    return [...this.context.workers.names].sort((a, b) => busy(a) - busy(b))[0] ?? null;
  }
}

/** Ids are parts of paths. */
function checkedId(id: string): string {
  if (!ID.test(id)) throw new Error("this is no id of a material");
  return id;
}

/** Inspects an uploaded file in a thread of its own, with a limit of time and of memory, so that no file holds up what this process sends to viewers. */
import { Worker } from "node:worker_threads";
import type { MaterialProblem } from "../../contracts/materials/material-messages.ts";
import { entryFile } from "../../platform/program.ts";
import type { FormatLimits, Inspected } from "./formats.ts";
import { MaterialFailure } from "./problem.ts";

export type InspectRequest = { readonly path: string; readonly limits: FormatLimits };
export type InspectAnswer = { readonly inspected: Inspected } | { readonly problem: MaterialProblem; readonly detail: string };

const WITHIN_MS = 60_000;
const HEAP_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

/** @throws MaterialFailure */
export async function inspectFile(path: string, limits: FormatLimits): Promise<Inspected> {
  const thread = new Worker(entryFile("library/materials/inspect-thread"), {
    workerData: { path, limits } satisfies InspectRequest,
    resourceLimits: HEAP_LIMITS,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<InspectAnswer>((resolve, reject) => {
      timer = setTimeout(() => reject(new MaterialFailure("time-limit", "the inspection")), WITHIN_MS);
      thread.on("message", resolve);
      thread.on("error", (error) => {
        const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
        reject(isMemory ? new MaterialFailure("memory-limit", "the inspection") : error);
      });
      thread.on("exit", () => reject(new Error("the thread that inspects a file has ended")));
    });
    if ("problem" in answer) throw new MaterialFailure(answer.problem, answer.detail);
    return answer.inspected;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

/** Inspects an uploaded file in a worker thread (`inspect-file.ts`), whose loop a hostile one may hold. */
import { parentPort, workerData } from "node:worker_threads";
import { inspect } from "./formats.ts";
import type { InspectAnswer, InspectRequest } from "./inspect-file.ts";
import { MaterialFailure } from "./problem.ts";

const ask: InspectRequest = workerData;

function answer(message: InspectAnswer): void {
  parentPort?.postMessage(message);
}

inspect(ask.path, ask.limits).then(
  (inspected) => answer({ inspected }),
  (error: unknown) => {
    // What a reader does not expect is a file that is not as it should be.
    const problem = error instanceof MaterialFailure ? error.problem : "damaged";
    answer({ problem, detail: error instanceof Error ? error.message : String(error) });
  },
);

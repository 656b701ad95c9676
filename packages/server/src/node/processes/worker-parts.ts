/** Defines the parts of a media worker that its doors lead to, and what all doors of live media take from them. */
import type { ClientTakes } from "../../live/served-rendition.ts";
import { refuseUndecodable } from "../../live/undecodable.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { ViewerDrain } from "../cluster/viewer-drain.ts";
import { tracedAsk } from "./join-traces.ts";
import type { ViewerLimit } from "./viewer-limit.ts";
import type { WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerJobs } from "./worker-jobs.ts";
import type { WorkerLibrary } from "./worker-library.ts";
import type { WorkerStreams } from "./worker-streams.ts";

/** The parts of a worker that doors lead to. */
export type WorkerParts = {
  readonly streams: WorkerStreams;
  readonly access: WorkerAccess;
  readonly library: WorkerLibrary;
  readonly jobs: WorkerJobs;
  readonly limit: ViewerLimit;
  readonly drain: ViewerDrain;
};

/** What all doors of live media need. */
export function mediaOptions(
  { config, events, tracer }: WorkerContext,
  { streams, access, limit, jobs }: Omit<WorkerParts, "library" | "drain">,
) {
  return {
    streams: streams.streams,
    ask: tracedAsk(access.control.ask, tracer, streams.streams),
    apps: () => config().apps,
    events,
    /** Null when a viewer can have a stream now; it is made where it is made on demand. */
    present: async (app: string, name: string): Promise<Refusal | null> => {
      const full = limit.admit();
      if (full) return full;
      const found = await jobs.find(app, name);
      // Others may have come meanwhile.
      return found instanceof Refusal ? found : (refuseUndecodable(found) ?? limit.admit());
    },
    served: (app: string, name: string, takes: ClientTakes) => jobs.served.serve(app, name, takes),
  };
}

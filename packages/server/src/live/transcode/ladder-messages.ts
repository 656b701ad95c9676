/** Messages of ladders: a process with a viewer for a rung asks the process that writes its source, which makes the rungs. */
import { plainName } from "../../access/policies/stream-policy.ts";
import type { Ladders } from "./ladders.ts";

/** A rung: its name is `NAME@RUNG`. */
type RungKey = { readonly app: string; readonly name: string };

/** From a worker to the supervisor, and between nodes. */
export type LadderMessages = { readonly requestRung: (of: RungKey) => void };

/** From the supervisor to a worker. */
export type LadderWorkerMessages = { readonly rungRequested: (of: RungKey) => void };

export function ladderWorkerHandlers(ladders: Ladders): LadderWorkerMessages {
  return { rungRequested: ({ app, name }) => ladders.requested(app, name) };
}

export type LadderRoutes = {
  /** The process that writes a stream, `NODE/WORKER`; null when it has none. */
  readonly writerOf: (app: string, name: string) => string | null;
  /** Null when the process is at another node. */
  readonly worker: (peer: string) => { readonly tell: (method: "rungRequested", of: RungKey) => void } | null;
  readonly passOn: (peer: string, of: RungKey) => void;
};

/** @param mayPassOn false for a request of another node: it is passed on once */
export function ladderHandlers({ writerOf, worker, passOn }: LadderRoutes, mayPassOn: boolean): LadderMessages {
  return {
    requestRung: ({ app, name }) => {
      const writer = writerOf(app, plainName(name));
      if (writer === null) return;
      const local = worker(writer);
      if (local) local.tell("rungRequested", { app, name });
      else if (mayPassOn) passOn(writer, { app, name });
    },
  };
}

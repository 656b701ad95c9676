/** The ladders of a media worker, and how doors find their streams: a rung is made for the first viewer who asks for it. */
import { Ladders } from "../../live/transcode/ladders.ts";
import { systemClock } from "../../platform/clock.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerStreams } from "./worker-streams.ts";

export function openLadders(
  { config, supervisor, log, metrics }: Pick<WorkerContext, "config" | "supervisor" | "log" | "metrics">,
  { streams, locator }: Pick<WorkerStreams, "streams" | "locator">,
): Ladders {
  const ladders = new Ladders({
    ...{ streams, locator, clock: systemClock },
    settings: () => {
      const { rungs, start, idleSeconds } = config().ladder;
      return { ladder: rungs, start, idleMs: idleSeconds * 1000, command: "ffmpeg" };
    },
    request: (app, name) => supervisor.tell("requestRung", { app, name }),
    events: {
      failed: ({ app, name }, reason, againInMs) =>
        log.warn({ stream: `${app}/${name}`, reason, againInMs }, "encoder of a ladder ended, restarting"),
      dropped: ({ app, name }, rung, reason) => log.error({ stream: `${app}/${name}`, rung, reason }, "rung of a ladder dropped"),
    },
  });
  metrics.followLadders(() => ladders.list());
  return ladders;
}

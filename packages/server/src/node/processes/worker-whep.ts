/** Provides watching by WHEP in a media worker: its door, with the ladders and the limits of the worker. */
import type { WebRtc } from "../../live/webrtc/webrtc.ts";
import { WhepDoor, type WhepDoorOptions } from "../../live/webrtc/whep/door.ts";
import { systemClock } from "../../platform/clock.ts";
import { workerCount } from "../worker-count.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerJobs } from "./worker-jobs.ts";

export function openWhep(
  { config, metrics, events }: WorkerContext,
  { ladders, find }: WorkerJobs,
  media: Pick<WhepDoorOptions, "streams" | "ask" | "apps" | "present">,
  webRtc: WebRtc,
): WhepDoor {
  return new WhepDoor({
    ...media,
    find,
    isMadeNowhere: (app, name) => ladders.isMadeNowhere(app, name),
    webRtc,
    clock: systemClock,
    // The kernel spreads viewers evenly over the workers.
    maxViewers: () => Math.ceil(config().webrtc.maxViewers / workerCount(config())),
    rungsOf: (stream) =>
      ladders.variantsOf(stream).flatMap(({ name, resolution, averageBandwidth }) =>
        // A rung of sound alone has no picture.
        resolution ? [{ name, kbps: averageBandwidth / 1000 }] : [],
      ),
    events: {
      refused: events.refused,
      joined: events.joined,
      sent: events.sent,
      skipped: (protocol) => metrics.fanOut.skipped(protocol),
    },
  });
}

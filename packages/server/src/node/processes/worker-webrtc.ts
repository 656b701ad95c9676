/** Provides WebRTC of a media worker: its UDP port, its sessions, and the doors that open them. */
import type { Door } from "../../live/http/door.ts";
import { WebRtc } from "../../live/webrtc/webrtc.ts";
import { whipDoor } from "../../live/webrtc/whip/door.ts";
import { systemClock } from "../../platform/clock.ts";
import { workerIndex } from "../process-names.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerJobs } from "./worker-jobs.ts";
import type { mediaOptions } from "./worker-parts.ts";
import { openWhep } from "./worker-whep.ts";

export type WorkerWebRtc = { readonly webRtc: WebRtc; readonly doors: readonly Door[] };

export function openWebRtc(context: WorkerContext, jobs: WorkerJobs, media: ReturnType<typeof mediaOptions>): WorkerWebRtc {
  const { start, config, supervisor, metrics, log } = context;
  const worker = workerIndex(start.name);
  const webRtc = new WebRtc({
    home: { node: start.node, worker },
    port: start.webRtcPort + worker,
    settings: () => config().webrtc,
    pass: (request) => supervisor.call("webRtcSession", request),
    log,
    now: systemClock.utc,
  });
  webRtc.metrics(metrics.registry);
  const keyFrameMs = () => config().hls.segmentSeconds * 1000;
  return { webRtc, doors: [whipDoor({ ...media, webRtc, keyFrameMs }), openWhep(context, jobs, media, webRtc)] };
}

/** Measures the uplinks of the publishers that are connected to this process. */
import type { Stream } from "../../live/streams/index.ts";
import type { UplinkSample } from "../../platform/monitoring/node-sample.ts";

type Counted = { readonly droppedFrames: number; readonly at: number };

export class UplinkMeter {
  private known = new Map<string, Counted>();

  /** @param streams all of this process; copies and rungs have no uplink */
  take(streams: readonly Stream[]): UplinkSample[] {
    const before = this.known;
    this.known = new Map();
    return streams
      .filter(({ writing, name }) => writing && !name.includes("@"))
      .map((stream) => {
        const key = `${stream.app}/${stream.name} ${stream.epoch}`;
        const health = stream.statistics.look();
        const at = performance.now();
        this.known.set(key, { droppedFrames: health.droppedFrames, at });
        const earlier = before.get(key) ?? { droppedFrames: 0, at: at - 5000 };
        return {
          stream: `${stream.app}/${stream.name}`,
          epoch: stream.epoch,
          fps: health.fps,
          kbps: health.videoKbps + health.audioKbps,
          jitterMs: health.jitterMs,
          droppedFrames: Math.max(0, health.droppedFrames - earlier.droppedFrames),
          frames: Math.round((health.fps * (at - earlier.at)) / 1000),
          gopSeconds: health.gopSeconds,
          driftMsPerMinute: null,
          avOffsetMs: null,
          health: health.health,
          verdict: health.health === "silent" ? "silent" : "none",
          viewers: stream.viewerCount,
        };
      });
  }
}

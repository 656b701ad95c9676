/** Tells what the uplinks of the publishers that are connected to this process have been like since the last sample. */

import type { UplinkSample } from "../../contracts/monitoring/node-sample.ts";
import type { Stream } from "../../live/streams/index.ts";

type Counted = { readonly frames: number; readonly droppedFrames: number };

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
        const { frames, droppedFrames } = health;
        this.known.set(key, { frames, droppedFrames });
        const earlier = before.get(key) ?? { frames: 0, droppedFrames: 0 };
        return {
          stream: `${stream.app}/${stream.name}`,
          epoch: stream.epoch,
          fps: health.fps,
          encoderFps: health.encoderFps,
          kbps: health.videoKbps + health.audioKbps,
          encoderKbps: health.encoderKbps,
          jitterMs: health.jitterMs,
          droppedFrames: droppedFrames - earlier.droppedFrames,
          frames: frames - earlier.frames,
          gopSeconds: health.gopSeconds,
          driftMsPerMinute: health.driftMsPerMinute,
          avOffsetMs: health.avOffsetMs,
          health: health.health,
          verdict: health.verdict,
          viewers: stream.viewerCount,
        };
      });
  }
}

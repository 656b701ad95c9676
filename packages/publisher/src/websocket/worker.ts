/** Provides the worker: takes the page's orders. It has one session at a time. */
import { PublishingSession } from "./publishing-session.ts";
import type { FromWorker, ToWorker } from "./worker-messages.ts";

let session: PublishingSession | null = null;

const tell = (message: FromWorker): void => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => obey(data));

function obey(message: ToWorker): void {
  switch (message.kind) {
    case "open": {
      session?.close();
      const { address, sources, muted, limits, keyFrameMs } = message;
      session = new PublishingSession({ address, sources, muted, limits, keyFrameMs, tell });
      return;
    }
    case "replace":
      return session?.replace(message.sources);
    case "limit":
      return session?.setLimits(message.limits);
    case "mute":
      return session?.mute(message.muted);
    case "frame":
      if (session) session.takeFrame(message.frame);
      else message.frame.close();
      return;
    case "samples":
      return takeSamples(message);
    case "check":
      return session?.check();
    case "close":
      session?.close();
      session = null;
      return;
  }
}

function takeSamples({ planes, sampleRate, frame }: Extract<ToWorker, { kind: "samples" }>): void {
  const frames = planes[0]?.length ?? 0;
  if (!session || frames === 0) return;
  const data = new Float32Array(frames * planes.length);
  for (const [i, plane] of planes.entries()) data.set(plane, i * frames);
  const fields = {
    sampleRate,
    numberOfFrames: frames,
    numberOfChannels: planes.length,
    timestamp: Math.round((frame / sampleRate) * 1e6),
  };
  session.takeSound(new AudioData({ format: "f32-planar", data, ...fields }));
}

/** Sends a stream to an RTMP server by the server's own client: metadata and configurations, then frames from a key frame on, with the stream's times. */
import { CHUNK_STREAM, EcmaArray, encodeAmf0, MESSAGE_TYPE, writeChunks } from "@lectern/media";
import { CLIENT_CHUNK_SIZE, connectRtmp } from "../rtmp/client.ts";
import { rtmpFormat } from "../rtmp/rtmp-format.ts";
import { collect, type LogContext, type MediaEntry } from "../streams/index.ts";
import { type StreamFeed, startFeed } from "./stream-feed.ts";
import type { Target, TargetOptions } from "./target.ts";

export function startRtmpTarget({ url, address, log, clock, onRunning, onEnd }: TargetOptions): Target {
  let feed: StreamFeed | null = null;
  const client = connectRtmp({
    url,
    address,
    intent: "publish",
    clock,
    onReady: (streamId) => {
      const toBytes = publisherBytes(streamId);
      feed = startFeed({
        log,
        clock,
        send: (frame, context, isNewContext) => client.write(toBytes(frame, isNewContext ? context : null)),
        onStalled: () => {
          close();
          onEnd({ code: "stalled", detail: "The server takes nothing any more." });
        },
      });
      onRunning();
    },
    onMessage: () => {},
    onDrain: () => feed?.resume(),
    onClosed: (problem) => {
      feed?.close();
      onEnd(problem);
    },
  });
  const close = (): void => {
    feed?.close();
    client.close();
  };
  return { close, pid: () => null };
}

/** Muxes a frame, behind the configurations if they are new, as a publisher sends them. */
function publisherBytes(streamId: number): (frame: MediaEntry, context: LogContext | null) => Uint8Array {
  const format = rtmpFormat({ video: true, audio: true, streamId }, CLIENT_CHUNK_SIZE);
  return (frame, context) => {
    const bytes = collect((reserve) => format.write(frame, reserve));
    if (!context) return bytes;
    const time = frame.decodeTime;
    const { metadata } = context;
    const described = metadata ? [dataFrame(streamId, time, "onMetaData", new EcmaArray(metadata.properties))] : [];
    return Buffer.concat([...described, format.configurations({ ...context, metadata: null }, time), bytes]);
  };
}

/** Metadata of a publisher, which a server gives to those that come later: Adobe's server, "Adding metadata to a live stream". */
function dataFrame(streamId: number, time: number, name: string, properties: EcmaArray): Uint8Array {
  const payload = encodeAmf0("@setDataFrame", name, properties);
  return writeChunks({ type: MESSAGE_TYPE.data, streamId, timestamp: time >>> 0, payload }, CHUNK_STREAM.data, CLIENT_CHUNK_SIZE);
}

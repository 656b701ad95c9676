/** Pulls a stream from another RTMP server. */
import { connectRtmp } from "../rtmp/client.ts";
import { SourceDemuxer } from "../rtmp/source-messages.ts";
import type { Source, SourceContext, SourceEvents } from "./source.ts";
import { portOf } from "./source-address.ts";

/** @param host the address to connect to, looked up and allowed */
export function openRtmp(url: URL, host: string, { clock }: SourceContext, events: SourceEvents): Source {
  const demuxer = new SourceDemuxer();
  const client = connectRtmp({
    url,
    address: { host, port: portOf(url) },
    intent: "play",
    clock,
    onReady: () => {},
    onMessage: (received) => {
      events.onHeard();
      const message = demuxer.demux(received);
      if (message) events.onMessage(message);
    },
    onClosed: (problem) => events.onEnd(problem),
    onDrain: () => {},
  });
  return { close: () => client.close(), pid: () => null };
}

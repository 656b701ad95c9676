/** For tests of what follows a stream: one stream with a publisher, without the other processes and names of a server. */
import type { Clock } from "../../platform/clock.ts";
import { FanOut } from "./delivery/fan-out.ts";
import type { SourceMessage } from "./ingest/source.ts";
import type { Publication } from "./ownership/publication.ts";
import { Stream } from "./stream.ts";
import { STREAM_OPTIONS } from "./synthetic-source.ts";

export type TestStream = {
  readonly stream: Stream;
  /** Takes messages of the publisher. */
  readonly push: (messages: Iterable<SourceMessage>) => void;
  /** The publisher goes, and the stream waits for the next one. */
  readonly leave: () => void;
  /** A publisher comes back. */
  readonly publish: () => void;
};

export function testStream(clock: Clock, epoch = "epoch 1", name = "math"): TestStream {
  const observer = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };
  const fanOut = new FanOut({ evictAfterMs: 15_000 }, observer);
  const identity = { app: "live", name, epoch, startedAt: 0 };
  const stream = new Stream(identity, STREAM_OPTIONS, clock, fanOut, { ended: () => {}, viewers: () => {} });
  const source = { protocol: "test", ip: "127.0.0.1", agent: "test source" };
  let term = 0;
  const begin = (): Publication =>
    stream.publish({ term: ++term, acknowledged: false }, { source, isBackup: false, onRevoked: () => {} });
  let publication = begin();
  return {
    stream,
    push: (messages) => {
      for (const message of messages) {
        const broken = stream.take(message);
        if (broken) throw new Error(broken.rule);
      }
    },
    leave: () => stream.publisherGone(publication),
    publish: () => {
      publication = begin();
    },
  };
}

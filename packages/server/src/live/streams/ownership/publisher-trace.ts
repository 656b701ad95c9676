/**
 * Records a publisher as spans: `publish`, from its request to its first segment, to which viewers' traces link, and `publisher session`, which ends
 * with it. A span can be seen only when it has ended, and a lesson takes hours.
 */
import type { Refusal } from "../../../platform/refusal.ts";
import type { Tracer } from "../../../platform/tracing/tracer.ts";
import type { Log } from "../log/log.ts";
import type { PublisherInfo } from "./publication.ts";
import type { PublishRequest } from "./publish-session.ts";

export type PublisherTrace = {
  readonly refused: (refusal: Refusal) => void;
  /** It has the stream. Gives what its publication needs. */
  readonly granted: (log: Log) => Pick<PublisherInfo, "trace" | "onOver">;
};

const NOTHING: PublisherTrace = { refused: () => {}, granted: () => ({}) };

export function tracePublisher(tracer: Tracer, { app, name, source, backup, derivation }: PublishRequest): PublisherTrace {
  const attributes = {
    "lectern.stream": `${app}/${name}`,
    "lectern.protocol": source.protocol,
    "lectern.backup": backup,
    "lectern.derived": derivation !== undefined,
  };
  const span = tracer.begin("publish", { kind: "server", parent: null, sampling: "always", attributes });
  if (!span) return NOTHING;
  return {
    refused: ({ code }) => span.end(code),
    granted: (log) => {
      span.event("granted");
      const begun = log.head;
      const unlisten = log.whenAppended(() => {
        if ((log.segments.at(-1)?.head.sequence ?? -1) < begun) return;
        unlisten();
        span.event("first segment");
        span.end();
      });
      const parent = span.context;
      const session = tracer.begin("publisher session", { kind: "internal", parent, sampling: "parent", attributes });
      const onOver = (reason: string | null): void => {
        unlisten();
        span.end("ended-without-media");
        if (reason !== null) session?.set({ "lectern.reason": reason });
        session?.end();
      };
      return { trace: span.context, onOver };
    },
  };
}

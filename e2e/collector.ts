/** Provides a collector of traces for tests: takes OTLP over HTTP, as JSON, and keeps the spans. */
import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../packages/server/src/platform/listen.ts";
import type { Scope } from "./lectern.ts";

export type CollectedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly events: readonly { readonly name: string }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: number; readonly message?: string };
  /** NODE/PROCESS, of the resource. */
  readonly from: string;
};

type Body = {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<CollectedSpan, "from">[] }[];
  }[];
};

export type Collector = {
  readonly endpoint: string;
  readonly spans: CollectedSpan[];
  /** As they came. */
  readonly bodies: string[];
  readonly headers: IncomingHttpHeaders[];
};

export async function startCollector(t: Scope): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    assert.equal(`${request.method} ${request.url}`, "POST /v1/traces");
    const body = await text(request);
    bodies.push(body);
    headers.push(request.headers);
    const { resourceSpans }: Body = JSON.parse(body);
    for (const { resource, scopeSpans } of resourceSpans) {
      const from = resource.attributes.find(({ key }) => key === "service.instance.id")?.value.stringValue ?? "";
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ ...span, from });
    }
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
  await listen(server, { host: "127.0.0.1", port: 0 });
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  return { endpoint: `http://127.0.0.1:${address.port}`, spans, bodies, headers };
}

/** An attribute's value as a text. */
export function attribute({ attributes }: CollectedSpan, name: string): string {
  return String(Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0] ?? "");
}

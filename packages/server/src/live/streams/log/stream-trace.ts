/** Provides the traces that a stream is a part of: the one that its copy is made for, and its publisher's. */
import type { TraceContext } from "../../../platform/tracing/trace-context.ts";

export class StreamTrace {
  /** What this copy is made for; null: nothing that is traced. */
  cause: TraceContext | null = null;
  private known: TraceContext | null = null;
  private readonly listeners = new Set<() => void>();

  /** The span of the publisher; null: it is not recorded, or not known here yet. */
  get publisher(): TraceContext | null {
    return this.known;
  }

  publishedBy(publisher: TraceContext | null): void {
    if (publisher?.spanId === this.known?.spanId) return;
    this.known = publisher;
    for (const call of this.listeners) call();
  }

  /** Calls when another publisher is known. Gives a function that ends it. */
  onPublisher(call: () => void): () => void {
    this.listeners.add(call);
    return () => this.listeners.delete(call);
  }
}

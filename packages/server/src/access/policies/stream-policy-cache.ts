/**
 * Caches the policies of lessons' streams in a media worker. The worker fetches each once from the control process and receives changes;
 * while the control process is unreachable, cached policies stay in force.
 */
import type { Logger } from "../../platform/log.ts";
import { Refusal } from "../../platform/refusal.ts";
import { lessonStreamOf, type StreamPolicy } from "./stream-policy.ts";

/** Fetches a policy; null when no lesson has this stream. Fails when the control process is unreachable. */
export type FetchStreamPolicy = (app: string, name: string) => Promise<StreamPolicy | null>;

export type PolicyListener = (app: string, name: string, policy: StreamPolicy | null) => void;

type Entry = { readonly policy: StreamPolicy; stale: boolean };

/** Cached policies; beyond that the oldest are dropped and fetched again on demand. */
const MAX_CACHED = 10_000;
/** Strangers can request any name. This bounds the requests that they cause to the control process at once. */
const MAX_FETCHING = 256;

export class StreamPolicyCache {
  private readonly fetch: FetchStreamPolicy;
  private readonly log: Logger;
  private readonly cached = new Map<string, Entry>();
  private readonly fetching = new Map<string, Promise<StreamPolicy | null>>();
  private listener: PolicyListener = () => {};

  constructor(fetch: FetchStreamPolicy, log: Logger) {
    this.fetch = fetch;
    this.log = log;
  }

  /** Sets the one listener for changed policies. */
  onChanged(listener: PolicyListener): void {
    this.listener = listener;
  }

  /**
   * @param of the name of the lesson's stream, of a member's, or of a rung
   * @returns null: no lesson has this stream. Refuses with `control-away` when the policy is not cached and cannot be fetched
   */
  async find(app: string, of: string): Promise<StreamPolicy | null | Refusal> {
    const name = lessonStreamOf(of);
    const entry = this.cached.get(keyOf(app, name));
    if (entry && !entry.stale) return entry.policy;
    try {
      return await this.request(app, name);
    } catch {
      // A stale policy is better than none.
      return entry ? entry.policy : new Refusal("control-away");
    }
  }

  /** The cached policy, even if stale; null when none is cached. */
  peek(app: string, name: string): StreamPolicy | null {
    return this.cached.get(keyOf(app, lessonStreamOf(name)))?.policy ?? null;
  }

  /** Fetches a policy again where the cached one may be older than what the client knows; as `find` while that fails. */
  async renew(app: string, of: string): Promise<StreamPolicy | null | Refusal> {
    const entry = this.cached.get(keyOf(app, lessonStreamOf(of)));
    if (entry) entry.stale = true;
    return await this.find(app, of);
  }

  /** Stores a policy that the control process sent; null removes it. */
  take(app: string, name: string, policy: StreamPolicy | null): void {
    const key = keyOf(app, name);
    // An answer to an earlier request may be older than this.
    this.fetching.delete(key);
    this.cached.delete(key);
    // Absent lessons are not cached: strangers can request any name.
    if (policy) this.cached.set(key, { policy, stale: false });
    const oldest = this.cached.size > MAX_CACHED ? this.cached.keys().next().value : undefined;
    if (oldest !== undefined) this.cached.delete(oldest);
    this.listener(app, name, policy);
  }

  /** Fetches all cached policies again, because changes may have been missed while the control process was unreachable. */
  refresh(): void {
    for (const entry of this.cached.values()) entry.stale = true;
    for (const { policy } of [...this.cached.values()]) {
      this.request(policy.app, policy.name).catch((error: unknown) => {
        this.log.warn({ reason: String(error) }, "stream policy refresh failed, using cached policy");
      });
    }
  }

  private request(app: string, name: string): Promise<StreamPolicy | null> {
    const key = keyOf(app, name);
    const pending = this.fetching.get(key);
    if (pending) return pending;
    if (this.fetching.size >= MAX_FETCHING) return Promise.reject(new Error("too many policies are being fetched"));
    const request: Promise<StreamPolicy | null> = this.fetch(app, name)
      .then((policy) => {
        if (this.fetching.get(key) !== request) return this.peek(app, name);
        this.take(app, name, policy);
        return policy;
      })
      .finally(() => {
        if (this.fetching.get(key) === request) this.fetching.delete(key);
      });
    this.fetching.set(key, request);
    return request;
  }
}

function keyOf(app: string, name: string): string {
  return `${app}/${name}`;
}

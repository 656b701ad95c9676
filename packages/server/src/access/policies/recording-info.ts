/**
 * Caches what a media worker needs to serve a recording: its files, their node, and who may watch. The worker fetches each once from the
 * control process and receives changes; while the control process is unreachable, cached entries stay in force.
 */
import { Refusal } from "../../platform/refusal.ts";

export type RecordingInfo = {
  readonly id: string;
  /** The stream that was recorded. */
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Its files, in order, below the recordings directory. */
  readonly files: readonly string[];
  /** The node that has the files; null or absent when unknown. */
  readonly node?: string | null;
  /** False while the recording is being written. */
  readonly whole: boolean;
  /** False in the bin. */
  readonly open: boolean;
  /** Whether watching needs a signed link. True for recordings of lessons. */
  readonly signed: boolean;
  /** What it belongs to, for policies; null or absent: nothing. */
  readonly schoolId?: string | null;
  readonly courseId?: string | null;
  readonly lessonId?: string | null;
  /** Viewers whose permission has ended, whatever their links and sessions say; absent: nobody's. */
  readonly removed?: readonly string[];
};

/** Hears of each change. Undefined: changes may have been missed. */
export type RecordingListener = (id: string, info: RecordingInfo | null | undefined) => void;

type Entry = { readonly info: RecordingInfo; readonly fetchedAt: number };

const MAX_CACHED = 10_000;
/** A recording that is being written gains a file now and then. */
const GROWING_TTL_MS = 2000;

export class RecordingInfoCache {
  private readonly fetch: (id: string) => Promise<RecordingInfo | null>;
  private readonly cached = new Map<string, Entry>();
  private readonly fetching = new Map<string, Promise<RecordingInfo | null>>();
  private listener: RecordingListener = () => {};

  /** @param fetch null for an unknown recording; fails when the control process is unreachable */
  constructor(fetch: (id: string) => Promise<RecordingInfo | null>) {
    this.fetch = fetch;
  }

  /** Sets the one listener for changed recordings. */
  onChanged(listener: RecordingListener): void {
    this.listener = listener;
  }

  /** Refuses with `no-such-recording`, also for one in the bin, and with `control-away`. */
  async find(id: string): Promise<RecordingInfo | Refusal> {
    const entry = this.cached.get(id);
    if (entry && (entry.info.whole || performance.now() - entry.fetchedAt < GROWING_TTL_MS)) return unlessInBin(entry.info);
    try {
      const info = await (this.fetching.get(id) ?? this.request(id));
      return info ? unlessInBin(info) : new Refusal("no-such-recording");
    } catch {
      return entry ? unlessInBin(entry.info) : new Refusal("control-away");
    }
  }

  /** The cached recording; null when none is cached. */
  peek(id: string): RecordingInfo | null {
    return this.cached.get(id)?.info ?? null;
  }

  /** Stores what the control process sent; null when the recording was deleted. */
  take(id: string, info: RecordingInfo | null): void {
    // An answer to an earlier request may be older than this.
    this.fetching.delete(id);
    this.cached.delete(id);
    if (info) this.cached.set(id, { info, fetchedAt: performance.now() });
    const oldest = this.cached.size > MAX_CACHED ? this.cached.keys().next().value : undefined;
    if (oldest !== undefined) this.cached.delete(oldest);
    this.listener(id, info);
  }

  /** Drops all entries, because changes may have been missed while the control process was unreachable. */
  refresh(): void {
    const ids = [...this.cached.keys()];
    this.cached.clear();
    for (const id of ids) this.listener(id, undefined);
  }

  private request(id: string): Promise<RecordingInfo | null> {
    const request: Promise<RecordingInfo | null> = this.fetch(id).then(
      (info) => {
        if (this.fetching.get(id) !== request) return this.cached.get(id)?.info ?? null;
        this.take(id, info);
        return info;
      },
      (error: unknown) => {
        if (this.fetching.get(id) === request) this.fetching.delete(id);
        throw error;
      },
    );
    this.fetching.set(id, request);
    return request;
  }
}

function unlessInBin(info: RecordingInfo): RecordingInfo | Refusal {
  return info.open ? info : new Refusal("no-such-recording");
}

/**
 * Follows what is drawn on one page: all of it first, then each operation as it comes, every one once and in the order of the log. In a live room the server
 * is asked for the fold of the page, at a place that is not before the room's own; a replay knows it by itself.
 */
import { type Operation, type PageId, parseOperation } from "@lectern/board";
import { isBody, listOf, numberOf, textOf, type WireEntry } from "@lectern/room";
import type { Room } from "../../room/use-room.ts";

export type PageSink = {
  /** All that was drawn, up to a place in the log. */
  readonly reset: (operations: readonly Operation[], seq: number) => void;
  /** @param since the page may have some of them, which came after this place */
  readonly append: (operations: readonly Operation[], seq: number, since: number) => void;
};

/** @returns the function that ends it */
export type PageFeed = (page: PageId, sink: PageSink) => () => void;

type FeedRoom = Pick<Room, "onEntry" | "onSnapshot" | "place" | "drawn">;
/** @param after the fold has at least this place. @returns the server's answer. Rejects when it cannot be had now */
export type LoadPage = (page: PageId, after: number, signal: AbortSignal) => Promise<unknown>;

type Appended = { readonly operations: readonly Operation[]; readonly seq: number; readonly since: number };

/** A pause between words. */
const QUIET_MS = 700;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;

export function replayFeed({ onEntry, onSnapshot, place, drawn }: FeedRoom): PageFeed {
  return (page, sink) => {
    const reset = () => sink.reset(operationsIn(drawn?.(page) ?? []), place()?.seq ?? 0);
    const ends = [onSnapshot(reset), onEntry((entry, since) => forPage(entry, since, page, sink.append))];
    reset();
    return () => {
      for (const end of ends) end();
    };
  };
}

export function liveFeed({ onEntry, onSnapshot, place }: FeedRoom, load: LoadPage): PageFeed {
  return (page, sink) => {
    /** Entries that came while a fold was loaded. */
    let early: Appended[] = [];
    let isLoading = false;
    /** A fold is there, and nothing that came after it was missed. */
    let isLoaded = false;
    let loading = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    let quiet: ReturnType<typeof setTimeout> | null = null;
    let folded = 0;
    /** What the server has joined may be guessed apart wrongly: the fold is asked for again when nobody writes. */
    let isUncertain = false;
    const append = ({ operations, seq, since }: Appended): void => {
      isUncertain ||= since < folded;
      sink.append(operations, seq, since);
      if (quiet) clearTimeout(quiet);
      if (isUncertain) quiet = setTimeout(() => void begin(0), QUIET_MS);
    };
    const begin = async (tries: number): Promise<void> => {
      loading.abort();
      if (timer) clearTimeout(timer);
      loading = new AbortController();
      const { signal } = loading;
      if (!isLoading) early = [];
      isLoading = true;
      const at = place();
      try {
        const state = parseState(await load(page, at?.seq ?? 0, signal));
        if (signal.aborted) return;
        if (state === null || (at !== null && state.epoch !== at.epoch)) throw new Error("the fold of another time");
        const later = early.filter(({ seq }) => seq > state.seq);
        isLoading = false;
        isLoaded = true;
        folded = state.seq;
        isUncertain = false;
        sink.reset(state.operations, state.seq);
        for (const one of later) append(one);
      } catch {
        if (signal.aborted) return;
        const delay = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** tries) * (0.5 + Math.random());
        timer = setTimeout(() => void begin(tries + 1), delay);
      }
    };
    const ends = [
      onSnapshot(() => {
        isLoading = false;
        isLoaded = false;
        void begin(0);
      }),
      onEntry((entry, since) =>
        forPage(entry, since, page, (operations, seq) => {
          if (isLoading) early.push({ operations, seq, since });
          if (isLoaded) append({ operations, seq, since });
        }),
      ),
    ];
    void begin(0);
    return () => {
      for (const end of ends) end();
      if (timer) clearTimeout(timer);
      if (quiet) clearTimeout(quiet);
      loading.abort();
    };
  };
}

function forPage({ kind, body, seq }: WireEntry, since: number, page: PageId, take: PageSink["append"]): void {
  if (kind === "stroke" && textOf(body, "page") === page) take(operationsIn(listOf(body["ops"])), seq, since);
}

function parseState(value: unknown): { epoch: string; seq: number; operations: readonly Operation[] } | null {
  if (!isBody(value)) return null;
  const [epoch, seq] = [textOf(value, "epoch"), numberOf(value, "seq")];
  return epoch === null || seq === null ? null : { epoch, seq, operations: operationsIn(listOf(value["operations"])) };
}

/** What a newer server has besides is left out. Points are read by the page, which leaves out those that are none. */
function operationsIn(values: readonly unknown[]): Operation[] {
  return values.flatMap((value) => {
    const operation = parseOperation(value, false);
    return "mistake" in operation ? [] : [operation];
  });
}

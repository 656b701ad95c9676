/** Lists the messages of stream ownership: workers claim streams at their node's registry, and the registry tells them where streams are. */
import { Refusal, type RefusalCode } from "../../../platform/refusal.ts";
import type { Claim, ClaimOptions, Location, LogPosition, Occupancy, Streams, Yielded } from "../../streams/index.ts";
import type { Copy } from "./stream-copies.ts";
import type { StreamKey } from "./stream-table-entry.ts";
import type { WriterRegistry } from "./writer-registry.ts";

export type StreamEpoch = StreamKey & { readonly epoch: string };
/** Where a stream is; null: it is not live any more. */
export type Located = StreamKey & { readonly location: Location | null };
export type ClaimAnswer =
  | { readonly claim: Claim }
  | { readonly refused: { readonly code: RefusalCode; readonly message: Refusal["message"] } };

/** From a worker to the registry. */
export type RegistryMessages = {
  readonly claim: (of: StreamKey & { readonly fresh: boolean; readonly options: ClaimOptions }) => Promise<ClaimAnswer>;
  readonly occupied: (of: StreamKey & { readonly silentMs: number | null }) => Promise<Occupancy>;
  readonly copyAdded: (of: StreamEpoch) => void;
  readonly copyRemoved: (of: StreamEpoch) => void;
  readonly ended: (of: StreamEpoch) => void;
};

/** From the registry to a worker. */
export type WriterMessages = {
  readonly located: (update: Located) => void;
  readonly yield: (of: StreamKey & { readonly to: string; readonly options: ClaimOptions }) => Yielded | null;
  readonly newest: (of: StreamKey) => LogPosition | null;
  readonly occupied: (of: StreamKey & { readonly silentMs: number | null }) => Promise<Occupancy>;
};

/** Between nodes: names and fields are on the wire. */
export type WriterNodeMessages = {
  readonly yield: (
    of: StreamKey & { readonly peer: string; readonly to: string; readonly manner: ClaimOptions },
  ) => Promise<Yielded | null>;
  readonly occupied: (of: StreamKey & { readonly peer: string; readonly silentMs: number | null }) => Promise<Occupancy>;
  readonly newest: (of: StreamKey) => Promise<Copy | null>;
  /** A row of the stream table, while the bus is down. */
  readonly entry: (of: { readonly text: string }) => void;
};

/** @param peer the worker that sends the messages */
export function registryHandlers(registry: WriterRegistry, peer: string): RegistryMessages {
  return {
    claim: async ({ app, name, fresh, options }) => {
      const claim = await registry.claim(peer, app, name, fresh, options);
      return claim instanceof Refusal ? { refused: { code: claim.code, message: claim.message } } : { claim };
    },
    occupied: ({ app, name, silentMs }) => registry.occupied(app, name, silentMs),
    copyAdded: ({ app, name, epoch }) => registry.copyAdded(peer, app, name, epoch),
    copyRemoved: ({ app, name, epoch }) => registry.copyRemoved(peer, app, name, epoch),
    ended: ({ app, name, epoch }) => registry.ended(peer, app, name, epoch),
  };
}

/** @param locator stores the locations for the worker */
export function writerHandlers(streams: Streams, locator: { readonly take: (update: Located) => void }): WriterMessages {
  return {
    located: (update) => {
      locator.take(update);
      streams.relocated(update.app, update.name, update.location);
    },
    yield: ({ app, name, to, options }) => streams.yield(app, name, to, options),
    newest: ({ app, name }) => streams.newest(app, name),
    occupied: ({ app, name, silentMs }) => streams.publications.occupancy(app, name, silentMs),
  };
}

/** @param worker the calls to a worker of this node; fails with PeerGone */
export function writerNodeHandlers(
  registry: WriterRegistry,
  worker: (peer: string) => {
    readonly yield: (of: Parameters<WriterMessages["yield"]>[0]) => Promise<Yielded | null>;
    readonly occupied: WriterMessages["occupied"];
  },
): WriterNodeMessages {
  return {
    yield: async ({ peer, app, name, to, manner }) => await worker(peer).yield({ app, name, to, options: manner }),
    occupied: async ({ peer, app, name, silentMs }) => await worker(peer).occupied({ app, name, silentMs }),
    newest: ({ app, name }) => registry.newestHere(app, name),
    entry: ({ text }) => registry.takeGossip(text),
  };
}

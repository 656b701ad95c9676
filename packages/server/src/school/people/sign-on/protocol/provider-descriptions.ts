/** Reads what providers say of themselves at an address, such as their endpoints and keys, and keeps it for minutes. */
import { RefusalError } from "../../../../platform/api/server.ts";
import type { Logger } from "../../../../platform/log.ts";
import type { Provider } from "../../../foundation/store/tables.ts";
import { reasonOf } from "./protocol.ts";

/** A provider's addresses and keys are read again after this long. */
const FRESH_MS = 10 * 60_000;
/** A provider that could not be reached is asked again after this long, so that strangers cannot make the server ask all the time. */
const FAILURE_MS = 5000;
const MAX_CACHED = 500;

type Cached<T> = { readonly description: Promise<T>; readonly readAt: number };

export class ProviderDescriptions<T> {
  private readonly fetch: (provider: Provider) => Promise<T>;
  private readonly log: Logger;
  private readonly cache = new Map<string, Cached<T>>();

  constructor(fetch: (provider: Provider) => Promise<T>, log: Logger) {
    this.fetch = fetch;
    this.log = log;
  }

  /** @throws RefusalError provider-away */
  async read(provider: Provider): Promise<T> {
    const key = `${provider.id} ${provider.version}`;
    const known = this.cache.get(key);
    const isFresh = known !== undefined && Date.now() - known.readAt < FRESH_MS;
    const description = isFresh ? known.description : this.fetch(provider);
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    if (!isFresh) this.cache.set(key, { description, readAt: Date.now() });
    try {
      return await description;
    } catch (error) {
      if (isFresh) throw new RefusalError("provider-away");
      this.cache.set(key, { description, readAt: Date.now() - FRESH_MS + FAILURE_MS });
      throw unreachable(this.log, provider, reasonOf(error));
    }
  }
}

/** The refusal where a provider cannot be reached, or says of itself what cannot be. The log has the reason. */
export function unreachable(log: Logger, { id, kind, issuer }: Provider, reason: string): RefusalError {
  log.warn({ provider: id, kind, issuer, reason }, "sign-on provider unreachable");
  return new RefusalError("provider-away");
}

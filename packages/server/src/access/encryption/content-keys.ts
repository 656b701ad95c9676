/**
 * Derives the keys of encrypted HLS files (RFC 8216 section 4.3.2.4, AES-128) from a secret that all nodes share. No key is stored: each node
 * derives the same ones, today and when the recording is watched years later.
 *
 * A key's name has a tag that only the server can make, so nobody can ask for a key, or for a file encrypted with it, before a playlist has
 * named it. Other secrets make other names: what caches have by an old name never meets a new key.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Config } from "../../platform/config/schema.ts";
import { derivedSecret } from "../../platform/secrets.ts";

export type ContentKey = {
  /** Its number within the epoch and its tag, as addresses have them: `12-9f3a61c2b0de`. */
  readonly name: string;
  /** 16 bytes. */
  readonly key: Buffer;
  /** The initialisation vector of each file, 16 bytes. */
  readonly iv: Buffer;
};

/** The name of a key in an address. */
export const KEY_NAME_PATTERN = "\\d{1,9}-[0-9a-f]{12}";

const PURPOSE = "hls-keys";
const KEY_BYTES = 16;
const TAG_BYTES = 6;
/** Derived keys that are kept in memory. */
const MAX_CACHED = 10_000;

export class ContentKeys {
  private readonly secrets: readonly Uint8Array[];
  private readonly cached = new Map<string, ContentKey>();

  /** @param secrets the first one makes names; keys by names that any of them made are found */
  constructor(secrets: readonly Uint8Array[]) {
    this.secrets = secrets;
  }

  /** The key of a segment and of its parts. @param msn the segment's media sequence number in its epoch */
  of(epoch: string, msn: number, segmentsPerKey: number): ContentKey {
    const index = Math.floor(msn / segmentsPerKey);
    const id = `${epoch} ${index}`;
    const known = this.cached.get(id);
    if (known) return known;
    const made = derive(this.secrets[0] ?? new Uint8Array(), epoch, index);
    this.cached.set(id, made);
    const oldest = this.cached.size > MAX_CACHED ? this.cached.keys().next().value : undefined;
    if (oldest !== undefined) this.cached.delete(oldest);
    return made;
  }

  /** The key with a name; null: a playlist has never named it. */
  find(epoch: string, name: string): ContentKey | null {
    const index = Number.parseInt(name, 10);
    const known = this.cached.get(`${epoch} ${index}`);
    if (known?.name === name) return known;
    for (const secret of this.secrets) {
      const key = derive(secret, epoch, index);
      const isIt = key.name.length === name.length && timingSafeEqual(Buffer.from(key.name), Buffer.from(name));
      if (isIt) return key;
    }
    return null;
  }
}

/** The keys of the nodes with this configuration: a cluster shares its secret, a single server has those that encrypt its database. */
export function contentKeysOf({ cluster, secrets }: Pick<Config, "cluster" | "secrets">): ContentKeys {
  const all = cluster.secret === "" ? secrets.encryption : [cluster.secret, ...secrets.encryption];
  return new ContentKeys(all.map((secret) => derivedSecret(PURPOSE, secret)));
}

function derive(secret: Uint8Array, epoch: string, index: number): ContentKey {
  const bytes = createHmac("sha512", secret).update(`${PURPOSE} ${epoch} ${index}`).digest();
  const [ivAt, tagAt] = [KEY_BYTES, 2 * KEY_BYTES];
  return {
    name: `${index}-${bytes.subarray(tagAt, tagAt + TAG_BYTES).toString("hex")}`,
    key: bytes.subarray(0, ivAt),
    iv: bytes.subarray(ivAt, tagAt),
  };
}

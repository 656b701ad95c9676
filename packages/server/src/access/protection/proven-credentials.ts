/**
 * Remembers which credentials of API requests were right or wrong when the control process last saw them, because a media worker cannot ask the database.
 * Whose session or key was right is let through at a held address. Others are let through slowly until an address has sent some wrong ones.
 */
import { hash, randomBytes } from "node:crypto";
import { RateLimit } from "../../platform/rate-limit.ts";
import { RecentMap } from "../../platform/recent-map.ts";

const MAX_PROVEN = 20_000;
/** How long a right credential counts without being used. */
const PROVEN_MS = 3_600_000;
/** Wrong ones of an address in a row, and per minute. */
const WRONG = { burst: 5, perSecond: 5 / 60 };

/** Hashes of credentials, so that the process holds none longer than a request. */
const SEED = randomBytes(8).toString("hex");

export class ProvenCredentials {
  private readonly proven = new RecentMap<string, number>(MAX_PROVEN);
  private readonly wrong: RateLimit;
  private readonly spent = new RecentMap<string, number>(MAX_PROVEN);
  private readonly now: () => number;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
    this.wrong = new RateLimit(WRONG, now);
  }

  /** The control process has accepted a credential. */
  accepted(credential: string): void {
    this.proven.set(keyOf(credential), this.now() + PROVEN_MS);
  }

  /** The control process has refused a credential of an address. */
  refused(owner: string, credential: string): void {
    this.proven.delete(keyOf(credential));
    if (this.wrong.take([owner]) > 0) this.spent.set(owner, this.now() + 60_000);
  }

  isProven(credential: string): boolean {
    return (this.proven.get(keyOf(credential)) ?? 0) > this.now();
  }

  /** Whether credentials of this address that are not known may be tried. */
  mayTry(owner: string): boolean {
    return (this.spent.get(owner) ?? 0) <= this.now();
  }
}

function keyOf(credential: string): string {
  return hash("sha1", SEED + credential, "base64url");
}

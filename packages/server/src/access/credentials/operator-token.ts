/**
 * Decides whether a credential is the operator's token of the environment, LECTERN_ADMIN_TOKEN, and whether it is good now and where it comes from.
 * A shared secret without a second factor needs an end and a place (OWASP ASVS 4.0, 2.10.1 and 4.3.1).
 */
import { AddressSet } from "../../platform/address.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import { equalSecrets } from "../../platform/secrets.ts";

const DAY_MS = 24 * 3600 * 1000;
/** Long enough to hand a new one to every program that has it. */
const WARNED_DAYS = 14;

/** `operators.token` of the configuration. */
export type OperatorTokenSettings = {
  /** ISO 8601; empty: it has no end. */
  readonly expires: string;
  /** Networks that it may come from, besides `operators.allowedNetworks`; empty: all. */
  readonly allowedNetworks: readonly string[];
};

/** What is to be said of the end of the token: nothing, that it is near, or that it is over. */
export type TokenEnd = { readonly state: "far" | "near" | "over"; readonly daysLeft: number };

export class OperatorToken {
  private readonly token: string | null;
  private readonly settings: () => OperatorTokenSettings;
  private readonly now: () => number;

  /** @param token null: there is none */
  constructor(token: string | null, settings: () => OperatorTokenSettings, now: () => number = systemClock.utc) {
    this.token = token;
    this.settings = settings;
    this.now = now;
  }

  /** Compares in constant time. Says nothing of whether it may be used. */
  matches(token: string): boolean {
    return this.token !== null && equalSecrets(token, this.token);
  }

  /** @throws RefusalError operator-token-expired, operator-token-address */
  checkUse(ip: string): void {
    const { allowedNetworks } = this.settings();
    if (this.end()?.state === "over") throw new RefusalError("operator-token-expired");
    if (allowedNetworks.length > 0 && !new AddressSet(allowedNetworks).has(ip)) throw new RefusalError("operator-token-address");
  }

  /** Null: there is no token, or it has no end. */
  end(): TokenEnd | null {
    const { expires } = this.settings();
    return this.token === null || expires === "" ? null : endOf(expires, this.now());
  }
}

/** @param now milliseconds since 1970 */
export function endOf(expires: string, now: number): TokenEnd {
  const leftMs = Date.parse(expires) - now;
  const daysLeft = Math.max(0, Math.floor(leftMs / DAY_MS));
  return { state: leftMs <= 0 ? "over" : leftMs < WARNED_DAYS * DAY_MS ? "near" : "far", daysLeft };
}

/**
 * Limits the connections, new connections and the request rate of each client address, so that a flood from one address affects no other client. The
 * first 64 bits of an IPv6 address count as one address.
 *
 * The defaults (8000 connections, 200 new ones a second) let a school of a thousand students in behind one address, also at a node with one worker:
 * six connections of each browser within ten seconds are 6000, fewer than 8000 at once, and fewer than the 8000 + 10 × 200 new ones that ten
 * seconds allow.
 */
import { addressOwner, addressSite } from "../../platform/address.ts";
import { type Rate, RateLimit, refill, type TokenBucket } from "../../platform/rate-limit.ts";

export type PerAddressLimits = {
  /** Connections at once. */
  readonly connections: number;
  /** Average new connections per second; a burst may have as many as may be open at once. */
  readonly connectionsPerSecond: number;
  /** Average requests per second; a burst may have twice as many. */
  readonly requestsPerSecond: number;
};

export type AddressLimitsOptions = {
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** Whether an address gets few new connections for now. Default: none does. */
  readonly isRefused?: (owner: string) => boolean;
  /** An address has reached a limit, and is refused. */
  readonly onOver?: (address: string, what: "connections" | "requests") => void;
};

/** The requests that are left, the new connections that are left, and the open connections. */
type Account = TokenBucket & { readonly opening: TokenBucket; connections: number };

/** Addresses with an account. Beyond that, accounts without connections are dropped. */
const MAX_ACCOUNTS = 100_000;
/** New connections of an address that is refused: enough for a browser to earn its clearance, and for some behind the same address. */
const REFUSED: Rate = { burst: 50, perSecond: 10 };

export class AddressLimits {
  private readonly accounts = new Map<string, Account>();
  private readonly limits: () => PerAddressLimits;
  private readonly options: AddressLimitsOptions;
  private readonly now: () => number;
  /** By site: one of IPv6 has many addresses that are counted alone. */
  private readonly handshakes: RateLimit;

  constructor(limits: () => PerAddressLimits, options: AddressLimitsOptions = {}) {
    this.limits = limits;
    this.options = options;
    this.now = options.now ?? (() => performance.now());
    this.handshakes = new RateLimit(() => this.openingRate, this.now);
  }

  /** Counts a connection. False when the address has too many, or opens too many; that one is not counted. */
  connect(address: string): boolean {
    const owner = addressOwner(address);
    const account = this.account(owner);
    const rate = this.options.isRefused?.(owner) ? REFUSED : this.openingRate;
    refill(account.opening, rate, this.now());
    if (account.connections >= this.limits().connections || account.opening.tokens < 1) {
      this.options.onOver?.(address, "connections");
      return false;
    }
    account.opening.tokens--;
    account.connections++;
    return true;
  }

  /** Counts a TLS handshake, as many as new connections of one address. False when the site of the address makes too many. */
  handshake(address: string): boolean {
    if (this.handshakes.take([addressSite(address)]) === 0) return true;
    this.options.onOver?.(address, "connections");
    return false;
  }

  /** A counted connection was closed. */
  disconnect(address: string): void {
    const owner = addressOwner(address);
    const account = this.accounts.get(owner);
    if (!account) return;
    account.connections--;
    if (account.connections <= 0 && this.isRested(account)) this.accounts.delete(owner);
  }

  /** Counts a request. False when the address has sent too many. */
  request(address: string): boolean {
    const account = this.account(addressOwner(address));
    refill(account, this.rate, this.now());
    if (account.tokens < 1) {
      this.options.onOver?.(address, "requests");
      return false;
    }
    account.tokens--;
    return true;
  }

  private account(owner: string): Account {
    let account = this.accounts.get(owner);
    if (!account) {
      if (this.accounts.size >= MAX_ACCOUNTS) this.dropIdle();
      const refilledAt = this.now();
      const opening = { tokens: this.openingRate.burst, refilledAt };
      account = { connections: 0, tokens: this.rate.burst, refilledAt, opening };
      this.accounts.set(owner, account);
    }
    return account;
  }

  private get rate(): Rate {
    const { requestsPerSecond } = this.limits();
    return { burst: requestsPerSecond * 2, perSecond: requestsPerSecond };
  }

  private get openingRate(): Rate {
    const { connections, connectionsPerSecond } = this.limits();
    return { burst: connections, perSecond: connectionsPerSecond };
  }

  /** Whether an account is like a new one. */
  private isRested(account: Account): boolean {
    refill(account, this.rate, this.now());
    refill(account.opening, this.openingRate, this.now());
    return account.tokens >= this.rate.burst && account.opening.tokens >= this.openingRate.burst;
  }

  private dropIdle(): void {
    for (const [address, account] of this.accounts) if (account.connections <= 0) this.accounts.delete(address);
  }
}

/**
 * Limits the connections and the request rate of each client address, so that a flood from one address affects no other client. The first 64 bits
 * of an IPv6 address count as one address.
 */
import { addressOwner } from "../../platform/address.ts";
import { type Rate, refill, type TokenBucket } from "../../platform/rate-limit.ts";

export type PerAddressLimits = {
  /** Connections at once. */
  readonly connections: number;
  /** Average requests per second; a burst may have twice as many. */
  readonly requestsPerSecond: number;
};

/** The requests that are left, and the open connections. */
type Account = TokenBucket & { connections: number };

/** Addresses with an account. Beyond that, accounts without connections are dropped. */
const MAX_ACCOUNTS = 100_000;

export class AddressLimits {
  private readonly accounts = new Map<string, Account>();
  private readonly limits: () => PerAddressLimits;
  private readonly now: () => number;

  /** @param now monotonic milliseconds */
  constructor(limits: () => PerAddressLimits, now: () => number = () => performance.now()) {
    this.limits = limits;
    this.now = now;
  }

  /** Counts a connection. False when the address has too many; that one is not counted. */
  connect(address: string): boolean {
    const account = this.account(address);
    if (account.connections >= this.limits().connections) return false;
    account.connections++;
    return true;
  }

  /** A counted connection was closed. */
  disconnect(address: string): void {
    const owner = addressOwner(address);
    const account = this.accounts.get(owner);
    if (!account) return;
    account.connections--;
    if (account.connections <= 0 && this.refilled(account) >= this.rate.burst) this.accounts.delete(owner);
  }

  /** Counts a request. False when the address has sent too many. */
  request(address: string): boolean {
    const account = this.account(address);
    if (this.refilled(account) < 1) return false;
    account.tokens--;
    return true;
  }

  private account(address: string): Account {
    const owner = addressOwner(address);
    let account = this.accounts.get(owner);
    if (!account) {
      if (this.accounts.size >= MAX_ACCOUNTS) this.dropIdle();
      account = { connections: 0, tokens: this.rate.burst, refilledAt: this.now() };
      this.accounts.set(owner, account);
    }
    return account;
  }

  private get rate(): Rate {
    const { requestsPerSecond } = this.limits();
    return { burst: requestsPerSecond * 2, perSecond: requestsPerSecond };
  }

  private refilled(account: Account): number {
    refill(account, this.rate, this.now());
    return account.tokens;
  }

  private dropIdle(): void {
    for (const [address, account] of this.accounts) if (account.connections <= 0) this.accounts.delete(address);
  }
}

/** How much one address may ask of the server, so that a flood from one place is felt by nobody else. */

export type PerAddressLimits = {
  /** Connections at once. */
  readonly connections: number;
  /** Requests a second, on average; twice as many may come at once. */
  readonly requestsPerSecond: number;
};

type Account = { connections: number; tokens: number; at: number };

/** Addresses remembered at once; the quiet ones are forgotten first. */
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

  /** Counts a connection. False when the address has too many, which is then not counted. */
  connect(address: string): boolean {
    const account = this.account(address);
    if (account.connections >= this.limits().connections) return false;
    account.connections++;
    return true;
  }

  disconnect(address: string): void {
    const account = this.accounts.get(address);
    if (!account) return;
    account.connections--;
    if (account.connections <= 0 && this.refill(account) >= this.limits().requestsPerSecond * 2) this.accounts.delete(address);
  }

  /** Counts a request. False when the address has sent too many. */
  request(address: string): boolean {
    const account = this.account(address);
    if (this.refill(account) < 1) return false;
    account.tokens--;
    return true;
  }

  private account(address: string): Account {
    let account = this.accounts.get(address);
    if (!account) {
      if (this.accounts.size >= MAX_ACCOUNTS) this.forgetQuiet();
      account = { connections: 0, tokens: this.limits().requestsPerSecond * 2, at: this.now() };
      this.accounts.set(address, account);
    }
    return account;
  }

  private refill(account: Account): number {
    const { requestsPerSecond } = this.limits();
    const now = this.now();
    account.tokens = Math.min(requestsPerSecond * 2, account.tokens + ((now - account.at) / 1000) * requestsPerSecond);
    account.at = now;
    return account.tokens;
  }

  private forgetQuiet(): void {
    for (const [address, account] of this.accounts) if (account.connections <= 0) this.accounts.delete(address);
  }
}

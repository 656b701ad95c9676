/** Says which addresses no measure is taken against: those of the configuration, and those that an operator has excepted, for a time or for good. */
import { AddressSet } from "../../platform/address.ts";
import type { Exemption } from "./protection-messages.ts";

/** How an exemption names a list of addresses. */
const LIST = "list:";
const NO_ADDRESSES = new AddressSet([]);

type Entry = { readonly until: number | null; readonly has: (ip: string) => boolean };

export type ExemptAddressesOptions = {
  readonly isListed: (list: string, ip: string) => boolean | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export class ExemptAddresses {
  private readonly options: ExemptAddressesOptions;
  private allowed = NO_ADDRESSES;
  private entries: readonly Entry[] = [];

  constructor(options: ExemptAddressesOptions) {
    this.options = options;
  }

  /** @param allow `protection.allowedNetworks` of the configuration */
  configure(allow: readonly string[]): void {
    this.allowed = new AddressSet(allow);
  }

  take(exemptions: readonly Exemption[]): void {
    this.entries = exemptions.map(({ network, until }) => ({ until, has: this.testOf(network) }));
  }

  has(ip: string): boolean {
    if (this.allowed.has(ip)) return true;
    const now = this.options.now();
    return this.entries.some(({ until, has }) => (until === null || until > now) && has(ip));
  }

  private testOf(network: string): (ip: string) => boolean {
    if (network.startsWith(LIST)) {
      const list = network.slice(LIST.length);
      return (ip) => this.options.isListed(list, ip) === true;
    }
    const set = networkOf(network);
    return (ip) => set.has(ip);
  }
}

/** What a newer control process may write, and this node does not know, excepts nobody. */
function networkOf(network: string): AddressSet {
  try {
    return new AddressSet([network]);
  } catch {
    return NO_ADDRESSES;
  }
}

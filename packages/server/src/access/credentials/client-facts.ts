/** Defines what a request tells of its client beside the credentials. Access rules decide on it. */
import type { AddressLocation } from "../../platform/geoip/address-location.ts";
import type { Countermeasure } from "../protection/protection-messages.ts";

export type { AddressLocation };

export type ClientFacts = {
  /** The client's address, after trusted proxies. */
  readonly ip: string;
  /** The page that contains the player: `Referer`, else `Origin`; `pageUrl` of RTMP. Null where the client names none. */
  readonly referer: string | null;
  /** `User-Agent`; `flashVer` of RTMP. Null where the client names none. */
  readonly userAgent: string | null;
  /** The host that the client has asked, without its port: its own pages count as allowed. */
  readonly host: string | null;
  /** The `Cookie` header, which may have a clearance. */
  readonly cookie?: string | undefined;
};

/** What access rules look up about an address. Lookups are synchronous and take microseconds. */
export type AddressKnowledge = {
  /** Null while the tables of places are not loaded. */
  readonly locationOf: (ip: string) => AddressLocation | null;
  /** Resolves when they are, or cannot be. */
  readonly ready: () => Promise<void>;
  /** Whether a list of addresses has it; null where this list is not there. */
  readonly isListed: (list: string, ip: string) => boolean | null;
  /** The measure against the client's address, where it has no clearance. Absent: there are none. */
  readonly countermeasureOf?: (client: ClientFacts) => Countermeasure | null;
};

/**
 * Defines how the service protects itself, and the messages of it. Workers count abuse signals by address, the supervisor of each node adds them
 * up and decides on measures, and all nodes share the measures. Nothing of it is asked for media that flow.
 *
 *     doors ─▶ signs (worker) ─▶ points (supervisor) ─▶ measure ─▶ all workers of all nodes ─▶ doors
 *
 * An address here is an IPv4 address or the first 64 bits of an IPv6 address (`addressOwner`). A whole school may share one, so points count only
 * in relation to what the address does well, and each measure lets through who has a valid session, signed link or clearance.
 */

/**
 * What makes an address look abusive:
 * - new-name: a stream, code or page that does not exist or is refused, and that the address has not asked for before;
 * - wrong-credential: a key, password, code or link that is wrong;
 * - empty-connection: closed without a complete request;
 * - malformed: breaks HTTP or RTMP;
 * - slow: a head or body that did not arrive in time;
 * - too-many: over a limit;
 * - attack-tool: a User-Agent that only programs for attacks send;
 * - new-referer: a Referer that is no address, or one of very many different ones;
 * - false-crawler: says that it is a search engine, and its address is not of that one.
 */
export const ABUSE_SIGNALS = [
  "new-name",
  "wrong-credential",
  "empty-connection",
  "malformed",
  "slow",
  "too-many",
  "attack-tool",
  "new-referer",
  "false-crawler",
] as const;
export type AbuseSignal = (typeof ABUSE_SIGNALS)[number];

/**
 * What is done with the requests of an address that have no valid session, signed link or clearance, from the mildest:
 * - slow: API requests and joins wait before they are answered;
 * - challenge: API requests and joins need a clearance (`challenge-required`), which a browser earns unseen;
 * - refuse: everything needs one, and new connections are few.
 */
export const COUNTERMEASURES = ["slow", "challenge", "refuse"] as const;
export type Countermeasure = (typeof COUNTERMEASURES)[number];

/** What a worker has seen of one address since its last report. */
export type AddressAbuseSignals = {
  readonly owner: string;
  /** Requests and connections that were as they should be. */
  readonly good: number;
  readonly signs: Readonly<Partial<Record<AbuseSignal, number>>>;
  /** An example of what was wrong, for people; null: none. */
  readonly about: string | null;
  /** The configuration or an exemption excepts the address: measures against it are only told of. */
  readonly isExempt: boolean;
};

/** An address under a measure. */
export type BlockedAddress = {
  readonly owner: string;
  readonly measure: Countermeasure;
  readonly points: number;
  /** From the most points. */
  readonly because: readonly { readonly sign: AbuseSignal; readonly points: number }[];
  readonly about: string | null;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** The node that decided. */
  readonly node: string;
  /** Protection only watches, or the address is exempt: nothing is done. */
  readonly isTrial: boolean;
};

/** Addresses that no measure is taken against. */
export type Exemption = {
  readonly id: string;
  /** An address, a network (`10.0.0.0/8`), or a list of addresses as `list:ID`. */
  readonly network: string;
  /** Milliseconds since 1970; null: for good. */
  readonly until: number | null;
};

/** Someone has ended a measure: the points of the address are forgotten, and for a while no measure is taken. */
export type Release = {
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly until: number;
};

/** What a node knows of its own measures and those of others. */
export type ProtectionState = {
  readonly held: readonly BlockedAddress[];
  /** Measures of the last hour that are over, the newest first. */
  readonly ended: readonly BlockedAddress[];
};

/** Sent by workers to the supervisor. */
export type AbuseSignalMessages = { readonly abuseSignalsSeen: (report: readonly AddressAbuseSignals[]) => void };

/** Answered by the supervisor for the control process. */
export type ProtectionCalls = {
  readonly protectionState: () => Promise<ProtectionState>;
  /** Ends the measures against an address on all nodes. */
  readonly releaseAddress: (release: Release) => void;
};

/** A measure as workers need it; `until` in the past: it has ended. */
export type CountermeasureInForce = Pick<BlockedAddress, "owner" | "measure" | "until">;

/**
 * Sent by the supervisor to its workers: measures in force, of all nodes. Large tables come in pieces.
 * @param replaces whether all measures that were sent before are over
 */
export type CountermeasureMessages = {
  readonly measures: (of: { readonly held: readonly CountermeasureInForce[]; readonly replaces: boolean }) => void;
};

/** Between nodes: names and fields are on the wire. */
export type ProtectionNodeMessages = {
  /**
   * Measures that a node has decided on, or that have changed. `until` in the past: it has ended.
   * @param replaces whether all measures that the node sent before are over
   */
  readonly heldAddresses: (of: {
    readonly node: string;
    readonly held: readonly BlockedAddress[];
    readonly replaces: boolean;
  }) => void;
  readonly releaseAddress: (release: Release) => void;
};

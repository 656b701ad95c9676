/** Defines where a client's address is, in the names that access rules and dispatch use: docs/geoip.md. */

/**
 * The country, province and city of an address in Chinese, without 省, 市 and the like (`中国`, `广东`, `深圳`), and its carrier by the name that the
 * configuration gives it (`dispatch.carriers`); empty where unknown.
 */
export type AddressLocation = {
  readonly country: string;
  readonly province: string;
  readonly city: string;
  readonly carrier: string;
};

export const UNKNOWN_PLACE: AddressLocation = { country: "", province: "", city: "", carrier: "" };

/** What a table says of an address, in its own words; empty where it says nothing. */
export type TableAnswer = {
  /** A name, or a code of two letters (ISO 3166-1). */
  readonly country: string;
  /** A name, or for China a code (ISO 3166-2). */
  readonly province: string;
  readonly city: string;
  /** The carrier's name. */
  readonly isp: string;
};

/** A table of addresses in memory. */
export type GeoipTable = {
  /** What the table covers, such as `xdb IPv4`. */
  readonly kind: string;
  /** When the table was made; null where it does not say. */
  readonly madeAt: Date | null;
  /** Null where the table does not have the address. */
  readonly find: (address: TableAddress) => TableAnswer | null;
};

/** An address as tables look it up. */
export type TableAddress = {
  /** In text, IPv4-mapped IPv6 as IPv4, without a zone. */
  readonly text: string;
  /** 4 or 16 bytes. */
  readonly bytes: Buffer;
};

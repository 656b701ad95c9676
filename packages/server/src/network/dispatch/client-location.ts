/**
 * Finds the region and the carrier of a client's address: first in the networks of dispatch (a campus, a company), then from its place, the same that
 * access rules use (`platform/geoip/`).
 */
import { AddressSet } from "../../platform/address.ts";
import type { AddressLocation } from "../../platform/geoip/address-location.ts";
import { countryName, plainProvince } from "../../platform/geoip/location-names.ts";

/** A region or carrier that is not known. */
export const UNKNOWN = "";

export type ClientLocation = {
  /** As nodes call theirs (`cluster.node.region`); the empty text when not known. */
  readonly region: string;
  /** As nodes call theirs (`cluster.node.carriers`); the empty text when not known. */
  readonly carrier: string;
};

export type LocationRules = {
  /** Networks whose region the operator knows. */
  readonly networks: readonly { readonly cidr: readonly string[]; readonly region: string; readonly carrier: string }[];
  /** Provinces and countries, as places name them, by the region that nodes are in. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
};

/** Regions of provinces that the configuration gives no other region. */
const PROVINCES: Readonly<Record<string, string>> = {
  北京: "beijing",
  天津: "tianjin",
  河北: "hebei",
  山西: "shanxi",
  内蒙古: "neimenggu",
  辽宁: "liaoning",
  吉林: "jilin",
  黑龙江: "heilongjiang",
  上海: "shanghai",
  江苏: "jiangsu",
  浙江: "zhejiang",
  安徽: "anhui",
  福建: "fujian",
  江西: "jiangxi",
  山东: "shandong",
  河南: "henan",
  湖北: "hubei",
  湖南: "hunan",
  广东: "guangdong",
  广西: "guangxi",
  海南: "hainan",
  重庆: "chongqing",
  四川: "sichuan",
  贵州: "guizhou",
  云南: "yunnan",
  西藏: "xizang",
  陕西: "shaanxi",
  甘肃: "gansu",
  青海: "qinghai",
  宁夏: "ningxia",
  新疆: "xinjiang",
  台湾: "taiwan",
  香港: "hongkong",
  澳门: "macao",
};

export class ClientLocator {
  private readonly locationOf: (ip: string) => AddressLocation;
  private readonly networks: readonly { readonly set: AddressSet; readonly location: ClientLocation }[];
  private readonly regions = new Map<string, string>();

  /** @throws RangeError that names the entry that is not a network */
  constructor(rules: LocationRules, locationOf: (ip: string) => AddressLocation) {
    this.locationOf = locationOf;
    this.networks = rules.networks.map(({ cidr, region, carrier }) => ({
      set: new AddressSet(cidr),
      location: { region, carrier },
    }));
    for (const [name, region] of Object.entries(PROVINCES)) this.regions.set(name, region);
    for (const [region, names] of Object.entries(rules.regions))
      for (const name of names) this.regions.set(plainName(name), region);
  }

  /** @param ip in text; the location of anything else is unknown */
  of(ip: string): ClientLocation {
    const own = this.networks.find(({ set }) => set.has(ip));
    if (own) return own.location;
    const { country, province, carrier } = this.locationOf(ip);
    return { region: this.regions.get(province) ?? this.regions.get(country) ?? UNKNOWN, carrier };
  }
}

/** A province or a country as places name it: 广东省 is 广东, 刚果(金) is 刚果金. */
function plainName(name: string): string {
  return countryName(name) || plainProvince(name);
}

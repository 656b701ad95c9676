/**
 * Finds the region and the carrier of a client's address: first in the networks of the configuration (a campus, a company), then in the
 * tables of ip2region, which have province and carrier in China, and the country elsewhere.
 */
import { isIP } from "node:net";
import { AddressSet } from "../../platform/address.ts";

/** A region or carrier that is not known. */
export const UNKNOWN = "";

export type ClientLocation = {
  /** As nodes call theirs (`cluster.node.region`); ANYWHERE when not known. */
  readonly region: string;
  /** As nodes call theirs (`cluster.node.carriers`); ANYWHERE when not known. */
  readonly carrier: string;
};

/** An address in the words of a table. */
export type AddressInfo = { readonly country: string; readonly province: string; readonly isp: string };
export type AddressLookup = (ip: string) => AddressInfo | null;

export type LocationRules = {
  /** Networks that the operator knows better than the tables. */
  readonly networks: readonly { readonly cidr: readonly string[]; readonly region: string; readonly carrier: string }[];
  /** Provinces and countries, as the tables name them, by the region that nodes are in. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
  /** Words in the tables' names of carriers, by the carrier. The others are as in `CARRIERS`. */
  readonly carriers: Readonly<Record<string, readonly string[]>>;
};

/** The carriers of China. */
export const CARRIERS: LocationRules["carriers"] = {
  telecom: ["电信"],
  unicom: ["联通", "网通"],
  mobile: ["移动", "铁通"],
  education: ["教育网"],
  broadcast: ["广电", "歌华", "有线"],
};

/** Regions of provinces that the configuration gives no other region. */
const PROVINCES: Readonly<Record<string, string>> = {
  ...{ 北京: "beijing", 天津: "tianjin", 河北: "hebei", 山西: "shanxi", 内蒙古: "neimenggu", 辽宁: "liaoning", 吉林: "jilin" },
  ...{
    黑龙江: "heilongjiang",
    上海: "shanghai",
    江苏: "jiangsu",
    浙江: "zhejiang",
    安徽: "anhui",
    福建: "fujian",
    江西: "jiangxi",
  },
  ...{ 山东: "shandong", 河南: "henan", 湖北: "hubei", 湖南: "hunan", 广东: "guangdong", 广西: "guangxi", 海南: "hainan" },
  ...{ 重庆: "chongqing", 四川: "sichuan", 贵州: "guizhou", 云南: "yunnan", 西藏: "xizang", 陕西: "shaanxi", 甘肃: "gansu" },
  ...{ 青海: "qinghai", 宁夏: "ningxia", 新疆: "xinjiang", 台湾: "taiwan", 香港: "hongkong", 澳门: "macao" },
};
const MAX_CACHED = 50_000;

export class ClientLocator {
  private readonly lookUp: AddressLookup;
  private readonly networks: readonly { readonly set: AddressSet; readonly place: ClientLocation }[];
  private readonly regions = new Map<string, string>();
  private readonly carriers: readonly (readonly [carrier: string, words: readonly string[]])[];
  private readonly cached = new Map<string, ClientLocation>();

  /** @throws RangeError that names the entry that is not a network */
  constructor(rules: LocationRules, lookUp: AddressLookup) {
    this.lookUp = lookUp;
    this.networks = rules.networks.map(({ cidr, region, carrier }) => ({ set: new AddressSet(cidr), place: { region, carrier } }));
    for (const [name, region] of Object.entries(PROVINCES)) this.regions.set(name, region);
    for (const [region, names] of Object.entries(rules.regions)) for (const name of names) this.regions.set(plain(name), region);
    this.carriers = Object.entries({ ...CARRIERS, ...rules.carriers });
  }

  /** @param ip in text; the location of anything else is unknown */
  of(ip: string): ClientLocation {
    const known = this.cached.get(ip);
    if (known) return known;
    const place = this.find(ip);
    if (this.cached.size >= MAX_CACHED) this.cached.clear();
    this.cached.set(ip, place);
    return place;
  }

  private find(ip: string): ClientLocation {
    if (isIP(ip) === 0) return { region: UNKNOWN, carrier: UNKNOWN };
    const own = this.networks.find(({ set }) => set.has(ip));
    if (own) return own.place;
    const looked = this.lookUp(ip);
    if (!looked) return { region: UNKNOWN, carrier: UNKNOWN };
    const { country, province, isp } = looked;
    const region = this.regions.get(plain(province)) ?? this.regions.get(plain(country)) ?? UNKNOWN;
    const carrier = this.carriers.find(([, words]) => words.some((word) => isp.includes(word)))?.[0] ?? UNKNOWN;
    return { region, carrier };
  }
}

/** 广东省 and 广东, 内蒙古自治区 and 内蒙古 are one. */
function plain(name: string): string {
  return name.replace(/(?:省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区)$/, "");
}

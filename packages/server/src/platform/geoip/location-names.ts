/** Gives places the same names, whichever table they come from: Chinese, short, without 省, 市, 自治区 and the like. */
import type { AddressLocation, TableAnswer } from "./address-location.ts";
import { COUNTRY_CODES } from "./country-codes.ts";

export type LocationNames = Pick<AddressLocation, "country" | "province" | "city">;

export const UNKNOWN_LOCATION: LocationNames = { country: "", province: "", city: "" };
export const CHINA = "中国";
/** Parts of China that tables elsewhere list as countries, by their ISO 3166-1 codes. */
const REGIONS_OF_CHINA: Readonly<Record<string, string>> = { HK: "香港", MO: "澳门", TW: "台湾" };
/** Cities that are provinces: tables name their districts, or nothing, as the city. */
const MUNICIPALITIES = new Set(["北京", "上海", "天津", "重庆"]);

/** Other names of countries, by the one that is used here. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  阿联酋: ["阿拉伯联合酋长国"],
  波黑: ["波斯尼亚和黑塞哥维那"],
  北马其顿: ["马其顿"],
  多米尼加: ["多米尼加共和国"],
  法国南部领地: ["法属南部领地"],
  法属圣马丁: ["圣马丁"],
  刚果布: ["刚果（布）", "刚果(布)"],
  刚果金: ["刚果（金）", "刚果(金)"],
  荷属加勒比区: ["加勒比区"],
  留尼汪: ["留尼旺"],
  蒙塞拉特岛: ["蒙特塞拉特"],
  孟加拉: ["孟加拉国"],
  密克罗尼西亚: ["密克罗尼西亚联邦"],
  南乔治亚岛和南桑威奇群岛: ["南乔治亚和南桑威奇群岛"],
  圣巴泰勒米: ["圣巴泰勒米岛"],
  圣皮埃尔和密克隆群岛: ["圣皮埃尔和密克隆"],
  托克劳: ["托克劳群岛"],
  瓦利斯和富图纳: ["瓦利斯和富图纳群岛"],
  中非: ["中非共和国"],
  巴勒斯坦: ["巴勒斯坦领土"],
};

/** ISO 3166-2:CN, with the digits that were used before 2017. */
const PROVINCE_CODES: Readonly<Record<string, string>> = {
  BJ: "北京",
  TJ: "天津",
  HE: "河北",
  SX: "山西",
  NM: "内蒙古",
  LN: "辽宁",
  JL: "吉林",
  HL: "黑龙江",
  SH: "上海",
  JS: "江苏",
  ZJ: "浙江",
  AH: "安徽",
  FJ: "福建",
  JX: "江西",
  SD: "山东",
  HA: "河南",
  HB: "湖北",
  HN: "湖南",
  GD: "广东",
  GX: "广西",
  HI: "海南",
  CQ: "重庆",
  SC: "四川",
  GZ: "贵州",
  YN: "云南",
  XZ: "西藏",
  SN: "陕西",
  GS: "甘肃",
  QH: "青海",
  NX: "宁夏",
  XJ: "新疆",
  TW: "台湾",
  HK: "香港",
  MO: "澳门",
  11: "北京",
  12: "天津",
  13: "河北",
  14: "山西",
  15: "内蒙古",
  21: "辽宁",
  22: "吉林",
  23: "黑龙江",
  31: "上海",
  32: "江苏",
  33: "浙江",
  34: "安徽",
  35: "福建",
  36: "江西",
  37: "山东",
  41: "河南",
  42: "湖北",
  43: "湖南",
  44: "广东",
  45: "广西",
  46: "海南",
  50: "重庆",
  51: "四川",
  52: "贵州",
  53: "云南",
  54: "西藏",
  61: "陕西",
  62: "甘肃",
  63: "青海",
  64: "宁夏",
  65: "新疆",
  71: "台湾",
  91: "香港",
  92: "澳门",
};

const PROVINCE_ENDINGS = /(?<=.{2})(?:省|(?:特别|广域)?市|特别行政区|(?:壮族|回族|维吾尔)?自治区|区)$/;
/** Of autonomous prefectures, as in 恩施土家族苗族自治州, which tables shorten to 恩施州 or 恩施. */
const PEOPLES = "藏|彝|苗|侗|布依|土家|傣|景颇|哈尼|壮|白|傈僳|回|羌|朝鲜|蒙古|哈萨克|柯尔克孜";
const CITY_ENDINGS = new RegExp(`(?<=.{2})(?:市|地区|盟|(?:(?:${PEOPLES})族?)*自治州)$`);
/** 恩施州 is 恩施, but 广州 is itself. */
const PREFECTURE_ENDING = /(?<=.{2})州$/;

/** Countries by each name and code that tables use. */
const COUNTRIES: ReadonlyMap<string, string> = new Map([
  ...COUNTRY_CODES,
  ...[...COUNTRY_CODES.values()].map((name) => [name, name] as const),
  ...Object.entries(OTHER_NAMES).flatMap(([name, others]) => others.map((other) => [other, name] as const)),
]);

/** The country that a name or a code (ISO 3166-1) stands for; empty for what is none, such as 亚太地区. */
export function countryName(name: string): string {
  return COUNTRIES.get(name.trim()) ?? "";
}

/** Names of a place as rules and configuration have them, in any of their forms: 中国, 广东省, 深圳市. */
export function locationNames({ country, province, city }: Omit<TableAnswer, "isp">): LocationNames {
  const region = REGIONS_OF_CHINA[country] ?? plainProvince(country);
  if (Object.values(REGIONS_OF_CHINA).includes(region)) {
    const within = plainCity(city || province);
    return { country: CHINA, province: region, city: within === region ? "" : within };
  }
  const name = countryName(country);
  if (name === "") return UNKNOWN_LOCATION;
  const within = name === CHINA ? (PROVINCE_CODES[province] ?? plainProvince(province)) : plainProvince(province);
  if (name === CHINA && MUNICIPALITIES.has(within)) return { country: name, province: within, city: within };
  return { country: name, province: within, city: plainCity(city) };
}

/** 广东省 and 广东, 内蒙古自治区, 内蒙古区 and 内蒙古 are one. */
export function plainProvince(name: string): string {
  return name.replace(PROVINCE_ENDINGS, "");
}

function plainCity(name: string): string {
  const plain = name.replace(CITY_ENDINGS, "");
  return plain === name ? name.replace(PREFECTURE_ENDING, "") : plain;
}

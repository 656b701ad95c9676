/** Names the carrier of an address by the words in the name that a table gives it. */
import { CHINA, type LocationNames } from "./location-names.ts";

/** Words in the tables' names of carriers, by the carrier. */
export type CarrierWords = Readonly<Record<string, readonly string[]>>;

/** Words of the carriers of China. In China each is enough, such as 电信 or 广东电信. */
const CARRIERS: CarrierWords = {
  telecom: ["电信", "chinanet", "china telecom"],
  unicom: ["联通", "网通", "china unicom", "china169"],
  mobile: ["移动", "铁通", "china mobile", "china tietong", "cmnet"],
  education: ["教育网", "cernet", "china education"],
  broadcast: ["广电", "歌华", "有线", "广播电视", "china broadcasting"],
};

/** How their names begin elsewhere: 中国电信 is the carrier of China in Japan too, and 日本电信电话 and 中华电信 are others. */
const ABROAD: CarrierWords = {
  telecom: ["中国电信", "chinanet", "china telecom"],
  unicom: ["中国联通", "china unicom", "cncgroup china169"],
  mobile: ["中国移动", "中国铁通", "china mobile", "china tietong"],
  education: ["cernet", "china education"],
  broadcast: ["中国广电", "中国广播电视", "china broadcasting"],
};
const NOT_MAINLAND = new Set(["香港", "澳门", "台湾"]);

/** Finds the carrier of a name; empty where it is none of them. */
export type CarrierNaming = (isp: string, at: LocationNames) => string;

/** @param configured replaces the words of its carriers, and adds carriers; its words count everywhere */
export function carrierNaming(configured: CarrierWords): CarrierNaming {
  const own = Object.entries(configured).map(([carrier, words]) => [carrier, words.map((word) => word.toLowerCase())] as const);
  const names = [...new Set([...Object.keys(CARRIERS), ...Object.keys(configured)])];
  const ownWords = new Map(own);
  return (isp, { country, province }) => {
    if (isp === "") return "";
    const name = isp.toLowerCase();
    const isMainland = country === CHINA && !NOT_MAINLAND.has(province);
    const found = names.find((carrier) => {
      const words = ownWords.get(carrier);
      if (words) return words.some((word) => name.includes(word));
      if (isMainland) return CARRIERS[carrier]?.some((word) => name.includes(word));
      return ABROAD[carrier]?.some((word) => name.startsWith(word));
    });
    return found ?? "";
  };
}

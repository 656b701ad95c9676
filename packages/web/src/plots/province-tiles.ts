/** Provides the provinces of China as tiles of a grid, each about where it lies: a map without borders. Names as `docs/geoip.md` has them. */

export type ProvinceTile = {
  /** ISO 3166-2:CN. */
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly column: number;
  readonly row: number;
};

/** Rows from north to south; `code name English` in their columns, `.` for an empty place. */
const ROWS = [
  ". . . . . . . . . HL黑龙江Heilongjiang",
  "XJ新疆Xinjiang . . . . NM内蒙古Inner_Mongolia . BJ北京Beijing LN辽宁Liaoning JL吉林Jilin",
  ". QH青海Qinghai GS甘肃Gansu NX宁夏Ningxia SN陕西Shaanxi SX山西Shanxi HE河北Hebei TJ天津Tianjin . .",
  "XZ西藏Tibet . SC四川Sichuan CQ重庆Chongqing HB湖北Hubei HA河南Henan SD山东Shandong JS江苏Jiangsu . .",
  ". . YN云南Yunnan GZ贵州Guizhou HN湖南Hunan AH安徽Anhui ZJ浙江Zhejiang SH上海Shanghai . .",
  ". . . GX广西Guangxi GD广东Guangdong JX江西Jiangxi FJ福建Fujian TW台湾Taiwan . .",
  ". . . HI海南Hainan MO澳门Macau HK香港Hong_Kong . . . .",
];

export const PROVINCES: readonly ProvinceTile[] = ROWS.flatMap((text, row) =>
  text.split(" ").flatMap((cell, column) => {
    const [, code = "", zh = "", en = ""] = /^([A-Z]{2})(\p{Script=Han}+)(\w+)$/u.exec(cell) ?? [];
    return code === "" ? [] : [{ code, zh, en: en.replace("_", " "), column, row }];
  }),
);

/** The tile of a region's name, as nodes and viewers' places have it; null for others. */
export function provinceOf(region: string): ProvinceTile | null {
  const name = region.trim().toLowerCase().replace(/^cn-/, "");
  return PROVINCES.find(({ code, zh, en }) => [code.toLowerCase(), zh, en.toLowerCase()].includes(name)) ?? null;
}

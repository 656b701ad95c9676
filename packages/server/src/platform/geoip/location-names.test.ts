import assert from "node:assert/strict";
import { test } from "node:test";
import { countryName, locationNames } from "./location-names.ts";

const name = (place: string): string => {
  const [country = "", province = "", city = ""] = place.split("/");
  return Object.values(locationNames({ country, province, city })).join("/");
};

test("places have one name, whichever way they are written", () => {
  for (const [short, ...long] of [
    ["中国/广东/深圳", "中国/广东省/深圳市", "CN/GD/深圳市", "CN/44/深圳"],
    ["中国/内蒙古/锡林郭勒", "中国/内蒙古自治区/锡林郭勒盟", "中国/内蒙古区/锡林郭勒"],
    ["中国/广西/柳州", "中国/广西壮族自治区/柳州市", "中国/广西区/柳州"],
    ["中国/宁夏/中卫", "中国/宁夏回族自治区/中卫市"],
    ["中国/新疆/伊犁", "中国/新疆维吾尔自治区/伊犁哈萨克自治州", "中国/新疆区/伊犁州"],
    ["中国/新疆/克孜勒苏", "中国/新疆/克孜勒苏柯尔克孜自治州"],
    ["中国/新疆/阿克苏", "中国/新疆/阿克苏地区"],
    ["中国/湖北/恩施", "中国/湖北/恩施土家族苗族自治州", "中国/湖北省/恩施州"],
    ["中国/青海/海西", "中国/青海/海西蒙古族藏族自治州", "中国/青海省/海西州"],
    ["中国/云南/西双版纳", "中国/云南/西双版纳傣族自治州"],
    ["中国/河南/郑州", "中国/河南省/郑州市", "CN/HA/郑州"],
    ["中国/吉林/吉林", "中国/吉林省/吉林市"],
    ["中国/重庆/重庆", "中国/重庆市/万州区", "中国/重庆", "CN/CQ/"],
    ["中国/香港/", "中国/香港特别行政区", "香港", "HK", "HK/香港", "中国/香港区/", "中国/香港"],
    ["中国/澳门/", "澳门", "MO", "中国/澳门区"],
    ["中国/台湾/台北", "TW//台北市", "台湾省//台北", "中国/台湾省/台北市"],
    ["刚果金//", "刚果(金)", "刚果（金）", "CD"],
    ["阿联酋//", "阿拉伯联合酋长国", "AE"],
  ] as const)
    for (const each of [short, ...long]) assert.equal(name(each), short, each);
});

test("what is no country has no place", () => {
  for (const other of ["", "0", "亚太地区", "欧洲", "IANA保留地址", "Reserved", "EU", "ZZ", "cn"])
    assert.equal(name(`${other}/广东/深圳`), "//", other);
});

test("codes stand for the countries that CLDR gives them", () => {
  const chinese = new Intl.DisplayNames(["zh-Hans"], { type: "region" });
  for (const code of [
    "CN",
    "US",
    "JP",
    "DE",
    "GB",
    "KR",
    "SG",
    "AU",
    "BR",
    "ZA",
    "MK",
    "RE",
    "GU",
    "DO",
    "DM",
    "NE",
    "NG",
    "AT",
    "SK",
    "SI",
    "SS",
  ])
    assert.equal(countryName(code), countryName(chinese.of(code) ?? ""), code);
});

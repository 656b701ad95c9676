import assert from "node:assert/strict";
import { after, test } from "node:test";
import { loadGeoip } from "../../platform/geoip/geoip.ts";
import { openLog } from "../../platform/log.ts";
import { ClientLocator, type LocationRules } from "./client-location.ts";

const RULES: LocationRules = { networks: [], regions: {} };
const { locationOf, close } = await loadGeoip(
  { geoip: { networks: [], files: [] }, dispatch: { networks: [], carriers: { cloud: ["阿里云"] } } },
  openLog("silent"),
);
after(close);

test("province and carrier of addresses in China, IPv4 and IPv6, as the tables that come with the program know them", () => {
  const places = new ClientLocator(RULES, locationOf);
  assert.deepEqual(places.of("202.96.128.86"), { region: "guangdong", carrier: "telecom" });
  assert.deepEqual(places.of("123.125.114.144"), { region: "beijing", carrier: "unicom" });
  assert.deepEqual(places.of("223.104.3.1"), { region: "beijing", carrier: "mobile" });
  assert.deepEqual(places.of("59.66.0.1"), { region: "beijing", carrier: "education" });
  assert.deepEqual(places.of("240e:3b7:3271::1"), { region: "guangdong", carrier: "telecom" });
  assert.deepEqual(places.of("2408:8207::1"), { region: "beijing", carrier: "unicom" });
});

test("provinces and countries are put together into regions, and a campus is where it is said to be", () => {
  const places = new ClientLocator(
    {
      networks: [{ cidr: ["10.20.0.0/16", "2001:db8::/32"], region: "campus", carrier: "education" }],
      regions: { north: ["北京", "河北省"], overseas: ["美国", "英国", "日本"] },
    },
    locationOf,
  );
  assert.equal(places.of("123.125.114.144").region, "north");
  assert.equal(places.of("202.96.128.86").region, "guangdong");
  assert.equal(places.of("8.8.8.8").region, "overseas");
  assert.equal(places.of("2001:200::1").region, "overseas");
  for (const hongKong of ["2407:e301::1", "2400:ef00::1", "203.80.96.10"])
    assert.equal(places.of(hongKong).region, "hongkong", hongKong);
  assert.deepEqual(places.of("10.20.3.4"), { region: "campus", carrier: "education" });
  assert.deepEqual(places.of("2001:db8::7"), { region: "campus", carrier: "education" });
  assert.equal(places.of("120.24.78.68").carrier, "cloud");
});

test("an address in no table, and what is no address, is anywhere", () => {
  const places = new ClientLocator(RULES, locationOf);
  for (const ip of ["127.0.0.1", "10.1.1.1", "::1", "fe80::1", "", "no address", "1.2.3", "999.1.1.1", "<script>"])
    assert.deepEqual(places.of(ip), { region: "", carrier: "" }, ip);
});

test("a network that is none is named", () => {
  assert.throws(
    () => new ClientLocator({ ...RULES, networks: [{ cidr: ["10.0.0.0/99"], region: "", carrier: "" }] }, locationOf),
    /10\.0\.0\.0\/99/,
  );
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ip2Region from "ip2region";
import { openLog } from "../log.ts";
import { type Geoip, type GeoipConfig, loadGeoip } from "./geoip.ts";
import { countryName } from "./location-names.ts";

const log = openLog("silent");
const NONE: GeoipConfig = { geoip: { networks: [], files: [] }, dispatch: { networks: [], carriers: {} } };
const NETWORK = { country: "", province: "", city: "", carrier: "" };

async function withLocations(config: Partial<GeoipConfig>, use: (places: Geoip) => void | Promise<void>): Promise<void> {
  const places = await loadGeoip({ ...NONE, ...config }, log);
  try {
    await use(places);
  } finally {
    places.close();
  }
}

type Known = [ip: string, country: string, province: string, city: string, carrier: string, why: string];

// Picked by a reader in another language that walks the indexes of both files, and named by hand-written rules of its own.
const KNOWN: readonly Known[] = JSON.parse(readFileSync(new URL("fixtures/known-locations.json", import.meta.url), "utf8"));

test("each known address is where its entry in the tables says, at the first and last address of ranges and between", async () => {
  assert.ok(KNOWN.filter(([ip]) => !ip.includes(":")).length >= 130 && KNOWN.filter(([ip]) => ip.includes(":")).length >= 70);
  await withLocations({}, ({ locationOf }) => {
    for (const [ip, country, province, city, carrier, why] of KNOWN)
      assert.deepEqual(locationOf(ip), { country, province, city, carrier }, `${ip} ${why}`);
  });
});

test("addresses all over IPv4 are in the country that the package's own reader gives", async () => {
  const reader = new Ip2Region.default();
  await withLocations({}, ({ locationOf }) => {
    for (let i = 0; i < 20_000; i++) {
      // A step that is prime to 2³² comes to every network.
      const ip = addressOf((i * 2_654_435_761) % 2 ** 32);
      const read = reader.search(ip);
      const country = read?.country ?? "";
      assert.equal(locationOf(ip).country, countryName(country), ip);
      if (country === "中国") assert.ok((read?.province ?? "").startsWith(locationOf(ip).province), ip);
    }
  });
});

test("answers are cached, and the same after the cache was full", async () => {
  await withLocations({}, ({ locationOf }) => {
    assert.equal(locationOf("202.96.128.86"), locationOf("202.96.128.86"));
    for (let i = 0; i < 60_000; i++) locationOf(addressOf(2 ** 30 + i));
    assert.equal(locationOf("202.96.128.86").city, "广州");
  });
});

test("the operator's networks come before the tables, and give parts of a place or all of it", async () => {
  const networks = [
    {
      ...NETWORK,
      cidr: ["10.20.0.0/16", "fd00:20::/32"],
      country: "中国",
      province: "广东省",
      city: "深圳市",
      carrier: "education",
    },
    { ...NETWORK, cidr: ["10.0.0.0/8"], country: "中国", province: "北京" },
    { ...NETWORK, cidr: ["202.96.128.0/24"], carrier: "school" },
    { ...NETWORK, cidr: ["8.8.8.0/24"], country: "日本" },
  ];
  await withLocations({ geoip: { networks, files: [] } }, ({ locationOf }) => {
    const campus = { country: "中国", province: "广东", city: "深圳", carrier: "education" };
    for (const ip of ["10.20.1.2", "::ffff:10.20.1.2", "::FFFF:a14:102", "fd00:20::1", "fd00:20::1%eth0"])
      assert.deepEqual(locationOf(ip), campus, ip);
    assert.deepEqual(locationOf("10.21.0.1"), { country: "中国", province: "北京", city: "北京", carrier: "" });
    assert.deepEqual(locationOf("202.96.128.86"), { country: "中国", province: "广东", city: "广州", carrier: "school" });
    assert.deepEqual(locationOf("8.8.8.8"), { country: "日本", province: "", city: "", carrier: "" });
  });
});

test("the carrier of dispatch.networks counts after that of geoip.networks, and before the tables", async () => {
  const dispatch = {
    networks: [{ cidr: ["202.96.128.0/24", "10.0.0.0/8"], region: "campus", carrier: "education" }],
    carriers: {},
  };
  const networks = [{ ...NETWORK, cidr: ["10.1.0.0/16"], carrier: "school" }];
  await withLocations({ geoip: { networks, files: [] }, dispatch }, ({ locationOf }) => {
    assert.deepEqual(locationOf("202.96.128.86"), { country: "中国", province: "广东", city: "广州", carrier: "education" });
    assert.equal(locationOf("10.1.0.1").carrier, "school");
    assert.equal(locationOf("10.2.0.1").carrier, "education");
    assert.equal(locationOf("202.96.134.133").carrier, "telecom");
  });
});

test("dispatch.carriers adds carriers and replaces the words of those that are there", async () => {
  const dispatch = { networks: [], carriers: { cloud: ["阿里云"], telecom: ["没有这个"], singtel: ["新加坡电信"] } };
  await withLocations({ dispatch }, ({ locationOf }) => {
    assert.equal(locationOf("120.24.78.68").carrier, "cloud");
    assert.equal(locationOf("202.96.128.86").carrier, "");
    assert.equal(locationOf("123.125.114.144").carrier, "unicom");
  });
});

test("a new configuration holds at once, also for addresses that were asked for before", async () => {
  await withLocations({}, async ({ locationOf, reload }) => {
    assert.equal(locationOf("10.0.0.1").country, "");
    const networks = [{ ...NETWORK, cidr: ["10.0.0.0/8"], country: "中国" }];
    const reloaded = reload({ ...NONE, geoip: { networks, files: [] } });
    assert.equal(locationOf("10.0.0.1").country, "中国");
    await reloaded;
    await reload(NONE);
    assert.equal(locationOf("10.0.0.1").country, "");
  });
});

test("what is no network is refused by name", async () => {
  const networks = [{ ...NETWORK, cidr: ["10.0.0.0/99"] }];
  await assert.rejects(loadGeoip({ ...NONE, geoip: { networks, files: [] } }, log), /10\.0\.0\.0\/99/);
});

function addressOf(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.join(".");
}

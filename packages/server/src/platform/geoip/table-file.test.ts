import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { IPv4, IPv6, newWithBuffer } from "ip2region.js";
import { pino } from "pino";
import { leastEventLoopDelay, TESTED_HOLD_MS } from "../test-event-loop-delay.ts";
import { type Geoip, loadGeoip } from "./geoip.ts";
import { mmdbFile, type XdbRange, xdbFile } from "./test-tables.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-places-"));
after(() => rmSync(folder, { recursive: true }));
const logged: { readonly msg: string; readonly reason?: string; readonly path?: string }[] = [];
const log = pino({ level: "info" }, { write: (line: string) => logged.push(JSON.parse(line)) });

const V4: readonly XdbRange[] = [
  ["0.0.0.0", "0.255.255.255", "0|0|Reserved|Reserved|0"],
  ["1.0.0.0", "1.0.0.255", "Australia|Queensland|Brisbane|0|AU"],
  ["1.0.1.0", "1.0.3.255", "中国|福建省|福州市|电信|CN"],
  ["1.0.4.0", "9.255.255.255", "United States|California|Los Angeles|China Telecom Americas|US"],
  ["10.0.0.0", "10.255.255.255", "0|0|内网IP|内网IP|0"],
  ["14.0.0.0", "14.0.0.0", "中国|香港|九龙|中国移动|HK"],
  ["202.96.128.0", "202.96.128.255", "中国|北京|北京市|联通|CN"],
  ["255.255.255.255", "255.255.255.255", "中国|内蒙古|兴安盟|广电|CN"],
];
const V6: readonly XdbRange[] = [
  ["2001:200::", "2001:200:ffff:ffff:ffff:ffff:ffff:ffff", "Japan|Tokyo|0|WIDE|JP"],
  ["240e::", "240e:fff:ffff:ffff:ffff:ffff:ffff:fffe", "中国|四川省|凉山彝族自治州|电信|CN"],
  ["240e:fff:ffff:ffff:ffff:ffff:ffff:ffff", "240e:fff:ffff:ffff:ffff:ffff:ffff:ffff", "中国|湖北省|恩施土家族苗族自治州|移动|CN"],
];

async function withFiles(files: readonly string[], use: (places: Geoip) => void | Promise<void>): Promise<void> {
  logged.length = 0;
  const places = await loadGeoip({ geoip: { networks: [], files }, dispatch: { networks: [], carriers: {} } }, log);
  try {
    await use(places);
  } finally {
    places.close();
  }
}

let count = 0;
function fileOf(content: Buffer): string {
  const path = join(folder, `${++count}`);
  writeFileSync(path, content);
  return path;
}

const partsOf = (places: Geoip, ip: string): string => Object.values(places.locationOf(ip)).join("/");

test("xdb files of IPv4 and IPv6 say where an address is, before the tables that come with the program", async () => {
  await withFiles([fileOf(xdbFile(V4)), fileOf(xdbFile(V6))], (places) => {
    assert.equal(partsOf(places, "1.0.0.255"), "澳大利亚/Queensland/Brisbane/");
    assert.equal(partsOf(places, "1.0.1.0"), "中国/福建/福州/telecom");
    assert.equal(partsOf(places, "5.6.7.8"), "美国/California/Los Angeles/telecom");
    assert.equal(partsOf(places, "10.1.2.3"), "///");
    assert.equal(partsOf(places, "14.0.0.0"), "中国/香港/九龙/mobile");
    assert.equal(partsOf(places, "202.96.128.86"), "中国/北京/北京/unicom");
    assert.equal(partsOf(places, "2002:ca60:8056::1"), "中国/北京/北京/unicom");
    assert.equal(partsOf(places, "202.96.134.133"), "中国/广东/深圳/telecom");
    assert.equal(partsOf(places, "255.255.255.255"), "中国/内蒙古/兴安/broadcast");
    assert.equal(partsOf(places, "2001:200::1"), "日本/Tokyo//");
    assert.equal(partsOf(places, "240e:fff:ffff:ffff:ffff:ffff:ffff:fffe"), "中国/四川/凉山/telecom");
    assert.equal(partsOf(places, "240e:fff:ffff:ffff:ffff:ffff:ffff:ffff"), "中国/湖北/恩施/mobile");
    assert.deepEqual(
      places.tables().map(({ kind, madeAt, problem }) => [kind, madeAt?.toISOString().slice(0, 10), problem]),
      [
        ["xdb IPv4", "2026-03-04", null],
        ["xdb IPv6", "2026-03-04", null],
        ["IPv4", "2021-10-25", null],
        ["IPv6", "2021-05-11", null],
      ],
    );
  });
});

test("xdb files are read as the official reader reads them", async () => {
  const texts = new Map([...V4, ...V6].map(([first, last, text], i) => [text, [first, last, `中国|广东|城${i}|电信|CN`] as const]));
  const [v4, v6] = [V4, V6].map((ranges) => xdbFile(ranges.map(([, , text]) => texts.get(text) ?? ["", "", ""])));
  const official = [newWithBuffer(IPv4, v4 ?? Buffer.alloc(0)), newWithBuffer(IPv6, v6 ?? Buffer.alloc(0))];
  await withFiles([fileOf(v4 ?? Buffer.alloc(0)), fileOf(v6 ?? Buffer.alloc(0))], async (places) => {
    for (const ip of [...V4, ...V6].flatMap((range) => range.slice(0, 2)).concat("5.0.0.0", "3.255.255.255", "240e:800::1")) {
      const text = await official[ip.includes(":") ? 1 : 0]?.search(ip);
      assert.equal(places.locationOf(ip).city, text?.split("|")[2], ip);
    }
    assert.equal(await official[0]?.search("200.1.1.1"), "");
  });
});

test("files of the older formats have an area after the country, or no code", async () => {
  const older = xdbFile([["1.0.1.0", "1.0.3.255", "中国|0|福建省|福州市|电信"]], { version: 2, madeAt: new Date(0) });
  await withFiles([fileOf(older)], (places) => {
    assert.equal(partsOf(places, "1.0.2.1"), "中国/福建/福州/telecom");
    assert.equal(places.tables()[0]?.madeAt, null);
  });
  await withFiles([fileOf(xdbFile([["1.0.1.0", "1.0.3.255", "泰国|曼谷|曼谷|TOT"]]))], (places) => {
    assert.equal(partsOf(places, "1.0.2.1"), "泰国/曼谷/曼谷/");
  });
});

const names = (en: string, zh: string) => ({ names: { en, ...(zh === "" ? {} : { "zh-CN": zh }) } });
const CITY = {
  "1.0.1.0/24": {
    country: { iso_code: "CN" },
    subdivisions: [{ iso_code: "GD", ...names("Guangdong", "") }],
    city: names("Shenzhen", "深圳市"),
  },
  "1.0.2.0/24": {
    country: { iso_code: "CN" },
    subdivisions: [{ iso_code: "22", ...names("Jilin Sheng", "吉林") }],
    city: names("Jilin", "吉林市"),
  },
  "1.0.3.0/24": { country: { iso_code: "HK", ...names("Hong Kong", "香港") }, city: names("Hong Kong", "香港") },
  "1.0.4.0/24": {
    country: { iso_code: "TW" },
    subdivisions: [{ iso_code: "TPE", ...names("Taipei City", "") }],
    city: names("Taipei", "台北市"),
  },
  "1.0.5.0/24": { country: { iso_code: "CN" }, subdivisions: [{ iso_code: "BJ" }] },
  "1.0.6.0/24": { country: { iso_code: "US" }, subdivisions: [{ iso_code: "CA", ...names("California", "加州") }] },
  "1.0.7.0/24": { registered_country: { iso_code: "US" } },
  "2001:200::/32": { country: { iso_code: "JP" } },
};
const ISP = {
  "1.0.1.0/24": { isp: "China Unicom Guangdong", autonomous_system_organization: "CNCGROUP China169 Backbone" },
  "1.0.3.0/24": { isp: "China Mobile Hong Kong" },
  "1.0.5.0/24": { autonomous_system_number: 4538, autonomous_system_organization: "China Education and Research Network Center" },
};

test("MaxMind databases give places in Chinese, and another one the carrier", async () => {
  await withFiles([fileOf(mmdbFile("GeoIP2-City", CITY)), fileOf(mmdbFile("GeoIP2-ISP", ISP))], (places) => {
    assert.equal(partsOf(places, "1.0.1.7"), "中国/广东/深圳/unicom");
    assert.match(partsOf(places, "1.0.2.7"), /^中国\/吉林\/吉林\//);
    assert.equal(partsOf(places, "1.0.3.7"), "中国/香港//mobile");
    assert.match(partsOf(places, "1.0.4.7"), /^中国\/台湾\/台北\//);
    assert.equal(partsOf(places, "1.0.5.7"), "中国/北京/北京/education");
    assert.match(partsOf(places, "1.0.6.7"), /^美国\/加州\/\//);
    assert.equal(partsOf(places, "2001:200::7"), "日本///");
    assert.equal(partsOf(places, "202.96.128.86"), "中国/广东/广州/telecom");
    // Where an address is registered is not where it is.
    assert.notEqual(places.locationOf("1.0.7.7").country, "美国");
    assert.deepEqual(
      places.tables().map(({ kind }) => kind),
      ["mmdb GeoIP2-City", "mmdb GeoIP2-ISP", "IPv4", "IPv6"],
    );
  });
});

test("a MaxMind database of IPv4 alone is not asked for IPv6", async () => {
  const file = mmdbFile("GeoLite2-Country", { "0.0.0.0/1": { country: { iso_code: "FR" } } }, { ipVersion: 4 });
  await withFiles([fileOf(file)], (places) => {
    assert.equal(places.locationOf("8.8.8.8").country, "法国");
    assert.equal(places.locationOf("240e:3b7:3271::1").country, "中国");
  });
});

test("the first file that knows a country gives the place, whatever kind it is of", async () => {
  const first = mmdbFile("GeoIP2-City", { "1.0.0.0/24": { country: { iso_code: "FR" } } });
  const second = xdbFile([["1.0.0.0", "1.0.1.255", "中国|福建省|福州市|电信|CN"]]);
  await withFiles([fileOf(first), fileOf(second)], (places) => {
    assert.equal(partsOf(places, "1.0.0.1"), "法国///");
    assert.equal(partsOf(places, "1.0.1.1"), "中国/福建/福州/telecom");
  });
});

test("a replaced file is read, by renaming and in place, and of another kind", async () => {
  const path = fileOf(xdbFile([["1.0.0.0", "1.0.0.255", "中国|福建省|福州市|电信|CN"]]));
  await withFiles([path], async (places) => {
    assert.equal(partsOf(places, "1.0.0.1"), "中国/福建/福州/telecom");
    renameSync(fileOf(xdbFile([["1.0.0.0", "1.0.0.255", "中国|山东省|济南市|移动|CN"]])), path);
    await places.poll();
    assert.equal(partsOf(places, "1.0.0.1"), "中国/山东/济南/mobile");
    copyFileSync(fileOf(mmdbFile("City", { "1.0.0.0/24": { country: { iso_code: "FR" } } })), path);
    await places.poll();
    assert.equal(places.locationOf("1.0.0.1").country, "法国");
    assert.deepEqual(
      logged.map(({ msg }) => msg),
      ["address table reloaded", "address table reloaded"],
    );
  });
});

test("who asks for places is told of each file that was read", async () => {
  const path = fileOf(xdbFile(V4));
  let changes = 0;
  const onChange = () => void changes++;
  const places = await loadGeoip(
    { geoip: { networks: [], files: [path] }, dispatch: { networks: [], carriers: {} } },
    log,
    onChange,
  );
  after(places.close);
  assert.equal(changes, 1);
  await places.poll();
  assert.equal(changes, 1);
  renameSync(fileOf(xdbFile(V6)), path);
  await places.poll();
  assert.equal(changes, 2);
});

test("a file is read again by itself within seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const path = fileOf(xdbFile([["1.0.0.0", "1.0.0.255", "中国|福建省|福州市|电信|CN"]]));
  await withFiles([path], async (places) => {
    renameSync(fileOf(xdbFile([["1.0.0.0", "1.0.0.255", "中国|山东省|济南市|移动|CN"]])), path);
    t.mock.timers.tick(5000);
    // Joins the poll that the timer has begun.
    await places.poll();
    assert.equal(places.locationOf("1.0.0.1").city, "济南");
    places.close();
    renameSync(fileOf(xdbFile([["1.0.0.0", "1.0.0.255", "中国|福建省|福州市|电信|CN"]])), path);
    t.mock.timers.tick(60_000);
    assert.equal(places.locationOf("1.0.0.1").city, "济南");
  });
});

const good = xdbFile(V4);
const mmdb = mmdbFile("City", CITY);
const damaged: readonly (readonly [what: string, content: Buffer, reason: RegExp])[] = [
  ["an empty file", Buffer.alloc(0), /neither/],
  ["a text", Buffer.from("where is it?"), /neither/],
  ["zeros", Buffer.alloc(1e6), /neither/],
  ["half an xdb file", good.subarray(0, good.length >> 1), /shorter/],
  ["an xdb file without its last byte", good.subarray(0, -1), /shorter/],
  ["an xdb file whose header points nowhere", patched(good, 8, 7), /header/],
  ["an xdb file whose vector index points nowhere", patched(good, 256 + 8 * 256, 3), /vector/],
  ["an xdb file whose text is outside", patched(good, good.length - 4, 0x7fffffff), /text/],
  ["an xdb file whose index ends before it begins", patched(good, good.length - 14 * 2 + 4, 0), /index/],
  ["half a MaxMind database", mmdb.subarray(0, mmdb.length >> 1), /neither/],
  ["the metadata of a MaxMind database alone", mmdb.subarray(mmdb.lastIndexOf("MaxMind.com") - 3), /shorter/],
];

for (const [what, content, reason] of damaged)
  test(`${what} leaves the table in force that was there before, and is said once`, async () => {
    const path = fileOf(xdbFile([["1.0.0.0", "1.0.0.255", "中国|福建省|福州市|电信|CN"]]));
    await withFiles([path], async (places) => {
      renameSync(fileOf(content), path);
      await places.poll();
      await places.poll();
      assert.equal(partsOf(places, "1.0.0.1"), "中国/福建/福州/telecom");
      assert.equal(logged.length, 1);
      assert.equal(logged[0]?.msg, "address table cannot be used, keeping the current table");
      assert.equal(logged[0]?.path, path);
      assert.match(logged[0]?.reason ?? "", reason);
      assert.match(places.tables()[0]?.problem ?? "", reason);
      renameSync(fileOf(xdbFile([["1.0.0.0", "1.0.0.255", "中国|山东省|济南市|移动|CN"]])), path);
      await places.poll();
      assert.equal(places.locationOf("1.0.0.1").city, "济南");
      assert.equal(places.tables()[0]?.problem, null);
    });
  });

test("a file that is missing or damaged at the start is left out until it is usable", async () => {
  const path = join(folder, "later");
  await withFiles([path], async (places) => {
    assert.equal(places.locationOf("202.96.128.86").city, "广州");
    assert.equal(places.tables()[0]?.problem, "there is no such file");
    assert.equal(logged[0]?.msg, "address table cannot be used, using the other tables");
    await places.poll();
    assert.equal(logged.length, 1);
    writeFileSync(path, xdbFile(V4));
    await places.poll();
    assert.equal(places.locationOf("202.96.128.86").city, "北京");
    assert.equal(logged[1]?.msg, "address table reloaded");
    rmSync(path);
    await places.poll();
    assert.equal(places.locationOf("202.96.128.86").city, "北京");
    assert.equal(logged[2]?.msg, "address table cannot be used, keeping the current table");
    writeFileSync(path, xdbFile([["202.96.128.0", "202.96.128.255", "中国|山东省|济南市|移动|CN"]]));
    await places.poll();
    assert.equal(places.locationOf("202.96.128.86").city, "济南");
  });
});

test("a folder or a pipe in place of a file is refused and not read", async () => {
  await withFiles([folder, "/dev/null"], (places) => {
    assert.deepEqual(
      places.tables().map(({ problem }) => problem),
      ["it is not a file", "it is not a file", null, null],
    );
  });
});

test("files are read and checked without holding the event loop", async () => {
  // 600 000 ranges, about as many as the files of ip2region have.
  const ranges = Array.from({ length: 600_000 }, (_, i): XdbRange => {
    const head = `${1 + (i >> 15)}.${(i >> 7) & 255}.${(i & 127) * 2}`;
    return [`${head}.0`, `${head}.255`, `中国|广东省|深圳市|电信${i % 1000}|CN`];
  });
  const path = fileOf(xdbFile(ranges));
  const longest = await leastEventLoopDelay(() =>
    withFiles([path], ({ locationOf }) => assert.equal(locationOf("10.1.0.1").city, "深圳")),
  );
  assert.ok(longest < TESTED_HOLD_MS, `${longest} ms of CPU between two turns of the loop`);
});

function patched(file: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt32LE(value, at);
  return copy;
}

/** Requests and rules of policies, with the decisions that are expected. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pino } from "pino";
import { configSchema } from "../../platform/config/schema.ts";
import { loadGeoip } from "../../platform/geoip/geoip.ts";
import { signLink } from "../links/signed-link.ts";
import { decide } from "../pipeline.ts";
import type { PolicyRule, RuleKind, TimeRule } from "../policies/access-policy.ts";
import { client, NOW, nothingKnown, SECRET, subject } from "./test-subject.ts";
import { isOpenAt } from "./times.ts";
import { matches } from "./user-agents.ts";

type Fields<K extends RuleKind> = Omit<Extract<PolicyRule, { kind: K }>, "kind" | "for" | "combine" | "mode" | "locked">;

/** What the rule decides on a request of a viewer: the reason in a word, or `in`. */
function decision<K extends RuleKind>(
  kind: K,
  fields: Fields<K>,
  from: Parameters<typeof client>[0],
  over: Parameters<typeof subject>[0] = {},
) {
  const rule = { kind, for: "play", combine: "add", mode: "enforce", locked: false, ...fields } as unknown as PolicyRule;
  const refusal = decide(subject({ client: client(from), rules: [{ rule, source: { level: "school", id: "s" } }], ...over }));
  assert.equal(refusal?.source ?? "school s", "school s");
  return refusal ? `${refusal.code} ${refusal.rule}` : "in";
}

const REFUSED = (kind: RuleKind) => `refused-by-rule ${kind}`;

test("addresses: networks and single addresses of both families, lists, and what an address may look like", () => {
  const addresses = { ...nothingKnown, isListed: (id: string, ip: string) => (id === "there" ? ip === "203.0.113.9" : null) };
  const of = (allow: string[], deny: string[], ip: string) => decision("addresses", { allow, deny }, { ip }, { addresses });
  const no = REFUSED("addresses");
  for (const [allow, deny, ip, expected] of [
    [[], [], "192.0.2.1", "in"],
    [[], ["192.0.2.0/24"], "192.0.2.1", no],
    [[], ["192.0.2.0/24"], "192.0.3.1", "in"],
    [[], ["192.0.2.0/24"], "::ffff:192.0.2.1", no],
    [[], ["2001:db8::/32"], "2001:db8:1::1", no],
    [[], ["2001:db8::/32"], "2001:0DB8:0:0::1", no],
    [[], ["2001:db8::/32"], "2001:db9::1", "in"],
    [["192.0.2.0/24"], [], "192.0.2.1", "in"],
    [["192.0.2.0/24"], [], "192.0.3.1", no],
    [["192.0.2.0/24"], ["192.0.2.1"], "192.0.2.1", no],
    [["0.0.0.0/0"], [], "2001:db8::1", no],
    [["192.0.2.0/24"], [], "not an address", no],
    [[], ["list:there"], "203.0.113.9", no],
    [[], ["list:there"], "203.0.113.8", "in"],
    [["list:there"], [], "203.0.113.9", "in"],
    [["list:there"], [], "203.0.113.8", no],
    [["list:gone"], [], "203.0.113.9", no],
    [[], ["list:gone"], "203.0.113.9", "in"],
  ] as const)
    assert.equal(of([...allow], [...deny], ip), expected, `${ip} with ${allow} but ${deny}`);
});

test("referers: domains by their labels, in any case, with a port or a dot; pages of this server; no page", () => {
  const of = (referer: string | null, over: Partial<Fields<"referers">> = {}) =>
    decision(
      "referers",
      { allow: ["school.com", "*.school.com"], deny: ["bad.school.com"], empty: "refuse", ...over },
      { referer },
    );
  const no = REFUSED("referers");
  for (const [referer, expected] of [
    ["https://school.com/lesson", "in"],
    ["https://SCHOOL.com:8443/a?b#c", "in"],
    ["http://school.com./", "in"],
    ["https://www.school.com/", "in"],
    ["https://a.b.school.com/", "in"],
    ["https://bad.school.com/", no],
    ["https://evilschool.com/", no],
    ["https://school.com.evil.net/", no],
    ["https://evil.net/?school.com", no],
    ["https://evil.net/#https://school.com/", no],
    ["https://school.com@evil.net/", no],
    ["https://evil.net\\@school.com/", no],
    ["https://xn--scol-0ra.com/", no],
    ["school.com", no],
    ["https://", no],
    ["null", no],
    ["", no],
    [null, no],
    ["https://lectern.test/class/ABC", "in"],
    ["https://lectern.test.evil.net/", no],
  ] as const)
    assert.equal(of(referer), expected, `${referer}`);
  assert.equal(of(null, { empty: "allow" }), "in");
  assert.equal(of("", { empty: "allow" }), "in");
  assert.equal(of("not a page", { empty: "allow" }), no);
  assert.equal(of("https://any.net/", { allow: [] }), "in");
});

test("referers: an admitted player whose requests name no page goes on; one whose requests name a wrong page does not", () => {
  const rule = { allow: ["school.com"], deny: [], empty: "refuse" } as const;
  assert.equal(decision("referers", rule, { referer: null }, { purpose: "stay" }), "in");
  assert.equal(decision("referers", rule, { referer: "https://evil.net/" }, { purpose: "stay" }), REFUSED("referers"));
});

test("user agents: words and patterns, in any case; long texts and hostile patterns take no time", () => {
  const of = (userAgent: string | null, empty: "allow" | "refuse" = "refuse") =>
    decision("user-agents", { allow: [], deny: ["curl/", "python*requests"], empty }, { userAgent });
  assert.equal(of("Mozilla/5.0"), "in");
  assert.equal(of("CURL/8.0"), REFUSED("user-agents"));
  assert.equal(of("python-requests/2"), REFUSED("user-agents"));
  assert.equal(of("requests of python"), "in");
  assert.equal(of(null), REFUSED("user-agents"));
  assert.equal(of("", "allow"), "in");
  const before = process.cpuUsage();
  assert.equal(matches("a".repeat(100_000), `${"a*".repeat(500)}b`), false);
  assert.ok(process.cpuUsage(before).user < 200_000);
});

test("regions and carriers: country, province and city; what is not known is let in or not", () => {
  const places = {
    "10.1.0.1": { country: "中国", province: "北京", city: "北京", carrier: "unicom" },
    "10.2.0.1": { country: "中国", province: "广东", city: "深圳", carrier: "telecom" },
    "10.3.0.1": { country: "美国", province: "", city: "", carrier: "" },
  } as const;
  const unknown = { country: "", province: "", city: "", carrier: "" };
  const addresses = { ...nothingKnown, locationOf: (ip: string) => places[ip as keyof typeof places] ?? unknown };
  const region = (allow: string[], deny: string[], ip: string, then: "allow" | "refuse" = "refuse") =>
    decision("regions", { allow, deny, unknown: then }, { ip }, { addresses });
  const no = REFUSED("regions");
  assert.equal(region(["中国/北京"], [], "10.1.0.1"), "in");
  assert.equal(region(["中国/北京"], [], "10.2.0.1"), no);
  assert.equal(region(["中国"], ["中国/广东/深圳"], "10.2.0.1"), no);
  assert.equal(region(["中国"], ["中国/广东/广州"], "10.2.0.1"), "in");
  assert.equal(region(["中国/广东省/深圳市"], [], "10.2.0.1"), "in");
  assert.equal(region(["北京"], [], "10.1.0.1"), no);
  assert.equal(region([], ["Narnia"], "10.3.0.1"), "in");
  assert.equal(region([], ["美国"], "10.3.0.1"), no);
  assert.equal(region([], ["美国"], "10.9.0.1"), no);
  assert.equal(region([], ["美国"], "10.9.0.1", "allow"), "in");
  const carrier = (deny: string[], ip: string, then: "allow" | "refuse" = "allow") =>
    decision("carriers", { allow: [], deny, unknown: then }, { ip }, { addresses });
  assert.equal(carrier(["unicom"], "10.1.0.1"), REFUSED("carriers"));
  assert.equal(carrier(["unicom"], "10.2.0.1"), "in");
  assert.equal(carrier([], "10.3.0.1", "refuse"), REFUSED("carriers"));
});

test("times: windows in a time zone, over midnight, and over the end of the week", () => {
  const open = (windows: TimeRule["windows"], at: string, timeZone = "Asia/Shanghai") =>
    isOpenAt({ kind: "times", for: "play", combine: "add", mode: "enforce", locked: false, timeZone, windows }, Date.parse(at));
  const school = [{ days: [1, 2, 3, 4, 5], from: "08:00", to: "17:30" }];
  assert.equal(open(school, "2026-11-23T00:00:00Z"), true);
  assert.equal(open(school, "2026-11-22T23:59:59Z"), false);
  assert.equal(open(school, "2026-11-23T09:29:59Z"), true);
  assert.equal(open(school, "2026-11-23T09:30:00Z"), false);
  assert.equal(open(school, "2026-11-22T04:00:00Z"), false);
  const night = [{ days: [7], from: "22:00", to: "02:00" }];
  assert.equal(open(night, "2026-11-22T22:30:00Z", "UTC"), true);
  assert.equal(open(night, "2026-11-23T01:59:00Z", "UTC"), true);
  assert.equal(open(night, "2026-11-23T02:00:00Z", "UTC"), false);
  assert.equal(open(night, "2026-11-22T01:00:00Z", "UTC"), false);
  assert.equal(open([{ days: [1], from: "00:00", to: "00:00" }], "2026-11-23T12:00:00Z", "UTC"), true);
  assert.equal(open([], "2026-11-23T12:00:00Z"), false);
  assert.equal(decision("times", { timeZone: "UTC", windows: [] }, {}, { purpose: "stay" }), REFUSED("times"));
});

test("links: a policy needs a link where streams are open, and may need one that is bound to an address", () => {
  const soon = NOW / 1000 + 60;
  const of = (query: URLSearchParams, boundAddress = false) => {
    const { credentials } = subject({}, query);
    return decision("links", { boundAddress, keys: [] }, { ip: "10.0.0.1" }, { credentials });
  };
  assert.equal(of(new URLSearchParams()), "not-signed-in links");
  assert.equal(of(signLink({ app: "live", name: "math", expires: soon }, SECRET)), "in");
  assert.equal(of(signLink({ app: "live", name: "math", expires: NOW / 1000 - 1 }, SECRET)), "link-expired links");
  assert.equal(of(signLink({ app: "live", name: "math", expires: soon }, "another")), "bad-signature links");
  assert.equal(of(signLink({ app: "live", name: "math", expires: soon }, SECRET), true), "refused-by-rule links");
  assert.equal(of(signLink({ app: "live", name: "math", expires: soon, ip: "10.0.0.1" }, SECRET), true), "in");
  assert.equal(of(signLink({ app: "live", name: "math", expires: soon, ip: "10.0.0.2" }, SECRET), true), "refused-by-rule links");
});

test("watermark: a recording is not downloaded without it; watching, live and recorded, goes on", () => {
  const of = (protocol: string, isRecording: boolean, purpose: "play" | "replay" | "stay") =>
    decision(
      "watermark",
      { shows: "name", opacity: 0.3 },
      {},
      { protocol, purpose, recording: isRecording ? { signed: false, removed: [] } : null },
    );
  for (const protocol of ["mp4", "flv"]) assert.equal(of(protocol, true, "replay"), REFUSED("watermark"), protocol);
  assert.equal(of("mp4", true, "stay"), REFUSED("watermark"));
  assert.equal(of("hls", true, "replay"), "in");
  assert.equal(of("flv", false, "play"), "in");
});

test("encryption: only HLS and still images are served; a publisher is not asked", () => {
  const of = (protocol: string, over: Parameters<typeof subject>[0] = {}) =>
    decision("encryption", { segmentsPerKey: 5 }, {}, { protocol, ...over });
  for (const protocol of ["hls", "still", "room"]) assert.equal(of(protocol), "in", protocol);
  for (const protocol of ["flv", "ws", "rtmp", "mp4", ""]) {
    assert.equal(of(protocol), REFUSED("encryption"), protocol);
    assert.equal(of(protocol, { purpose: "stay" }), REFUSED("encryption"), protocol);
    assert.equal(of(protocol, { purpose: "replay" }), REFUSED("encryption"), protocol);
    assert.equal(of(protocol, { purpose: "publish" }), "in", protocol);
  }
});

/** A place that no table has. */
const OTHER_REGION = "乌有";

test("regions and carriers are decided right for addresses whose place is known from the source of the tables", async () => {
  const known = new URL("../../platform/geoip/fixtures/known-locations.json", import.meta.url);
  const places = JSON.parse(readFileSync(known, "utf8")) as readonly (readonly [string, string, string, string, string, string])[];
  const { locationOf, close } = await loadGeoip(configSchema.parse({}), pino({ level: "silent" }));
  const addresses = { ...nothingKnown, locationOf };
  let decided = 0;
  const carriers = [...new Set(places.map(([, , , , carrier]) => carrier))].filter((carrier) => carrier !== "");
  for (const [ip, country, province, city, carrier, source] of places) {
    const names = [country, province, city];
    const region = names.slice(0, names.findLastIndex((name) => name !== "") + 1).join("/");
    const allow = country === "" ? ["中国"] : [region];
    const asRegion = (lists: { allow: string[]; deny: string[] }) =>
      decision("regions", { ...lists, unknown: "refuse" }, { ip }, { addresses });
    assert.equal(asRegion({ allow, deny: [] }), country === "" ? REFUSED("regions") : "in", `${ip} ${region}`);
    assert.equal(asRegion({ allow: [], deny: allow }), REFUSED("regions"), `${ip} ${region}`);
    assert.equal(asRegion({ allow: ["法国/巴黎"], deny: [] }), REFUSED("regions"), ip);
    const asCarrier = (deny: string[]) => decision("carriers", { allow: [], deny, unknown: "allow" }, { ip }, { addresses });
    assert.equal(asCarrier([carrier || "telecom"]), carrier === "" ? "in" : REFUSED("carriers"), `${ip} ${carrier}`);
    assert.equal(asCarrier(["nobody"]), "in", ip);
    const regionOf = (fields: Partial<Fields<"regions">>) =>
      decision("regions", { allow: [], deny: [], unknown: "refuse", ...fields }, { ip }, { addresses });
    const carrierOf = (fields: Partial<Fields<"carriers">>) =>
      decision("carriers", { allow: [], deny: [], unknown: "refuse", ...fields }, { ip }, { addresses });
    assert.equal(regionOf({ unknown: "allow", allow: [OTHER_REGION] }), country === "" ? "in" : REFUSED("regions"), ip);
    // Each level by itself, and as the source of the table writes it: 广东省, 深圳市.
    for (const length of [1, 2, 3].slice(0, names.findLastIndex((name) => name !== "") + 1)) {
      const level = names.slice(0, length).join("/");
      const sibling = [...names.slice(0, length - 1), OTHER_REGION].join("/");
      assert.equal(regionOf({ allow: [OTHER_REGION, level] }), "in", `${ip} in ${level}`);
      assert.equal(regionOf({ allow: [OTHER_REGION], deny: [level] }), REFUSED("regions"), `${ip} not in ${level}`);
      assert.equal(regionOf({ allow: [country], deny: [level] }), REFUSED("regions"), `${ip} in ${country}, not in ${level}`);
      // Of a municipality, every district is the city.
      if (length === 3 && province === city) continue;
      if (length > 1) assert.equal(regionOf({ allow: [sibling] }), REFUSED("regions"), `${ip} in ${sibling}`);
      assert.equal(regionOf({ deny: [sibling] }), "in", `${ip} not in ${sibling}`);
    }
    const [written = "", , writtenProvince = "", writtenCity = ""] = source.split("|");
    if (country === "中国" && city !== "" && writtenCity.length > 1)
      assert.equal(regionOf({ allow: [`${written}/${writtenProvince}/${writtenCity}`] }), "in", `${ip} ${source}`);
    const others = carriers.filter((other) => other !== carrier);
    assert.equal(carrierOf({ allow: carriers }), carrier === "" ? REFUSED("carriers") : "in", `${ip} ${carrier}`);
    assert.equal(carrierOf({ allow: others }), REFUSED("carriers"), `${ip} ${carrier}`);
    assert.equal(carrierOf({ allow: others, unknown: "allow" }), carrier === "" ? "in" : REFUSED("carriers"), `${ip} ${carrier}`);
    assert.equal(carrierOf({ deny: others, unknown: "allow" }), "in", `${ip} ${carrier}`);
    assert.equal(carrierOf({ deny: carriers }), REFUSED("carriers"), `${ip} ${carrier}`);
    decided++;
  }
  close();
  assert.ok(decided >= 200);
});

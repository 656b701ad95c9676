/** Crawlers are recognised against a DNS server of this test, asked over UDP as any other. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { type CrawlerDns, Crawlers } from "./crawlers.ts";

const GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const BAIDU = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)";

const PTR = 12;
const A = 1;
const AAAA = 28;
const NXDOMAIN = 3;
const SERVFAIL = 2;

/** What the server answers, by type and name: a text is a name or an address, a number a response code. */
type Zone = Readonly<Record<string, readonly string[] | typeof SERVFAIL | "silence">>;

test("an address whose name in the search engine's domain leads back to it is a crawler, and is asked about once a day", async (t) => {
  let now = 0;
  const { crawlers, asked, verdict } = await open(t, () => now, {
    "PTR 1.66.249.66.in-addr.arpa": ["crawl-66-249-66-1.googlebot.com"],
    "A crawl-66-249-66-1.googlebot.com": ["66.249.66.1"],
  });
  assert.equal(crawlers.verdictOf("66.249.66.1", GOOGLE), "unknown");
  assert.equal(crawlers.verdictOf("::ffff:66.249.66.1", GOOGLE), "unknown");
  assert.equal(await verdict("66.249.66.1", GOOGLE), "crawler");
  assert.equal(asked.length, 2);
  now += 23 * 3600 * 1000;
  assert.equal(crawlers.verdictOf("66.249.66.1", GOOGLE), "crawler");
  now += 2 * 3600 * 1000;
  assert.equal(crawlers.verdictOf("66.249.66.1", GOOGLE), "unknown");
  assert.equal(await verdict("66.249.66.1", GOOGLE), "crawler");
  assert.equal(asked.length, 4);
});

test("an IPv6 address is confirmed however it is written", async (t) => {
  const { verdict } = await open(t, () => 0, {
    [`PTR ${reversed6("2001:4860:4801:0000:0000:0000:0000:0001")}`]: ["crawl-1.googlebot.com"],
    [`PTR ${reversed6("2001:4860:4810:0000:0000:0000:0000:0001")}`]: ["crawl-1.googlebot.com"],
    "AAAA crawl-1.googlebot.com": ["2001:4860:4801:0000:0000:0000:0000:0001"],
  });
  assert.equal(await verdict("2001:4860:4801::1", GOOGLE), "crawler");
  assert.equal(await verdict("2001:4860:4810::1", GOOGLE), "false");
});

test("false is what has no name, another name, or a name that does not lead back", async (t) => {
  const { verdict } = await open(t, () => 0, {
    "PTR 1.113.0.203.in-addr.arpa": [],
    "PTR 2.113.0.203.in-addr.arpa": ["evil.example", "crawl.googlebot.com.evil.example", "notgooglebot.com"],
    "PTR 3.113.0.203.in-addr.arpa": ["crawl-66-249-66-1.googlebot.com"],
    "A crawl-66-249-66-1.googlebot.com": ["66.249.66.1"],
  });
  assert.equal(await verdict("203.0.113.1", BAIDU), "false");
  for (const ip of ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"])
    assert.equal(await verdict(ip, GOOGLE), "false", ip);
});

test("without an answer of DNS, and where a search engine does not document the way back, nothing is proven", async (t) => {
  const { asked, verdict } = await open(t, () => 0, {
    "PTR 1.113.0.203.in-addr.arpa": SERVFAIL,
    "PTR 2.113.0.203.in-addr.arpa": ["baiduspider-203-0-113-2.crawl.baidu.com"],
  });
  assert.equal(await verdict("203.0.113.1", GOOGLE), "unknown");
  assert.equal(await verdict("203.0.113.2", BAIDU), "unknown");
  assert.equal(asked.length, 3);
});

test("programs that name no crawler are not looked up, nor are those of search engines that list their addresses", async (t) => {
  const { crawlers, asked, verdict } = await open(t, () => 0, {});
  for (const agent of [undefined, "", "curl/8", "Mozilla/5.0 Firefox/150", `${" ".repeat(600)}Googlebot`])
    assert.equal(crawlers.verdictOf("203.0.113.1", agent), null);
  assert.equal(crawlers.verdictOf("203.0.113.1", "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)"), "unknown");
  assert.equal(await verdict("203.0.113.1", "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)"), "unknown");
  assert.deepEqual(asked, ["PTR 1.113.0.203.in-addr.arpa"]);
});

test("a thousand pretended crawlers begin few lookups at once", async (t) => {
  const zone = Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`PTR ${i}.113.0.203.in-addr.arpa`, "silence"] as const));
  const { crawlers, asked, seen } = await open(t, () => 0, zone);
  for (let i = 0; i < 1000; i++) assert.equal(crawlers.verdictOf(`203.0.113.${i % 256}`, GOOGLE), "unknown");
  await seen(16);
  assert.equal(new Set(asked).size, 16);
});

/** A DNS server of a zone on a loopback port, and crawlers that ask it. */
async function open(t: TestContext, now: () => number, zone: Zone) {
  const server = createSocket("udp4");
  const asked: string[] = [];
  server.on("message", (query, from) => {
    const { name, type, end } = readQuestion(query);
    const key = `${type === PTR ? "PTR" : type === A ? "A" : type === AAAA ? "AAAA" : type} ${name}`;
    asked.push(key);
    server.emit("asked");
    const found = zone[key] ?? NXDOMAIN;
    if (found === "silence") return;
    server.send(answerTo(query.subarray(0, end), found, type), from.port);
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  const pending = new Set<Promise<string[]>>();
  const follow = (answer: Promise<string[]>): Promise<string[]> => {
    pending.add(answer);
    answer.catch(() => []).finally(() => pending.delete(answer));
    return answer;
  };
  const dns: CrawlerDns = {
    resolvePtr: (name) => follow(resolver.resolvePtr(name)),
    resolve4: ((name: string) => follow(resolver.resolve4(name))) as CrawlerDns["resolve4"],
    resolve6: ((name: string) => follow(resolver.resolve6(name))) as CrawlerDns["resolve6"],
    cancel: () => resolver.cancel(),
  };
  const crawlers = new Crawlers(dns, now);
  t.after(() => {
    crawlers.close();
    server.close();
  });
  return {
    crawlers,
    asked,
    seen: async (count: number) => {
      while (asked.length < count) await once(server, "asked");
    },
    /** What is known of an address after its lookup. */
    verdict: async (ip: string, agent: string) => {
      crawlers.verdictOf(ip, agent);
      while (pending.size > 0) {
        await Promise.allSettled(pending);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return crawlers.verdictOf(ip, agent);
    },
  };
}

/** The name of an address for reverse lookups: RFC 3596 section 2.5. @param address all digits of all groups */
function reversed6(address: string): string {
  return `${[...address.replaceAll(":", "")].reverse().join(".")}.ip6.arpa`;
}

/** RFC 1035 section 4.1.2. */
function readQuestion(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** RFC 1035 section 4.1. */
function answerTo(query: Buffer, found: readonly string[] | number, type: number): Buffer {
  const records = typeof found === "number" ? [] : found.map((text) => record(text, type));
  const head = Buffer.from(query);
  head.writeUInt16BE(0x8180 | (typeof found === "number" ? found : 0), 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt16BE(0, 10);
  return Buffer.concat([head, ...records]);
}

function record(text: string, type: number): Buffer {
  const data = type === PTR ? nameBytes(text) : type === A ? Buffer.from(text.split(".").map(Number)) : v6Bytes(text);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function nameBytes(name: string): Buffer {
  return Buffer.concat([
    ...name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);
}

/** @param text all eight groups */
function v6Bytes(text: string): Buffer {
  return Buffer.from(
    text
      .split(":")
      .map((group) => group.padStart(4, "0"))
      .join(""),
    "hex",
  );
}

/**
 * Recognises the crawlers of search engines: what says that it is one, and comes from an address whose name is in the search engine's domain, and
 * that name has this address (reverse DNS with forward confirmation, as the search engines document it).
 *
 * For the doors: `verdictOf(ip, userAgent)` answers at once, so that no request waits for DNS; a first request is `unknown`, and the lookup begins.
 * - null: no crawler, or none that is known here: nothing follows.
 * - `crawler`: let it read public pages whatever the measure.
 * - `false`: note the sign `false-crawler`, with the crawler's name as what it is about.
 * - `unknown`: treat it as any other client.
 */
import { Resolver } from "node:dns/promises";
import { AddressSet, addressOwner, plainAddress } from "../../platform/address.ts";
import { readAddress } from "../../platform/address-text.ts";

export type CrawlerVerdict = "crawler" | "false" | "unknown";

type Crawler = {
  /** What its User-Agent says. */
  readonly pattern: RegExp;
  /** Domains of its addresses' names; empty: it documents a list of addresses instead, which changes. */
  readonly domains: readonly string[];
  /** What it documents of all its addresses: that they have such names, and that these lead back to them. An address without it is false. */
  readonly documents: "names and addresses" | "names" | "nothing";
};

const CRAWLERS: readonly Crawler[] = [
  // https://developers.google.com/crawling/docs/crawlers-fetchers/verify-google-requests
  { pattern: /\bGooglebot\b/i, domains: ["googlebot.com", "google.com"], documents: "names and addresses" },
  // https://www.bing.com/webmasters/help/how-to-verify-bingbot-3905dc26
  { pattern: /\bbingbot\b/i, domains: ["search.msn.com"], documents: "names and addresses" },
  // https://help.baidu.com/question?prod_id=99&class=0&id=3001
  { pattern: /\bBaiduspider\b/i, domains: ["baidu.com", "baidu.jp"], documents: "names" },
  // https://yandex.com/support/webmaster/robot-workings/check-yandex-robots.html
  { pattern: /\bYandexBot\b/i, domains: ["yandex.ru", "yandex.net", "yandex.com"], documents: "names and addresses" },
  // https://support.apple.com/en-us/119829
  { pattern: /\bApplebot\b/i, domains: ["applebot.apple.com"], documents: "names and addresses" },
  { pattern: /\bSogou [a-z ]{0,16}spider\b/i, domains: ["crawl.sogou.com"], documents: "nothing" },
  // https://webmaster.petalsearch.com/site/petalbot
  { pattern: /\bPetalBot\b/i, domains: ["petalsearch.com", "aspiegel.com"], documents: "nothing" },
  // https://duckduckgo.com/duckduckgo-help-pages/results/duckduckbot
  { pattern: /\bDuckDuckBot\b/i, domains: [], documents: "nothing" },
];

const LOOKUP_MS = 2000;
const KEEP_MS = 24 * 3600 * 1000;
/** What DNS did not tell is asked again after this. */
const KEEP_UNKNOWN_MS = 10 * 60 * 1000;
/** A megabyte; those that were looked up first are forgotten first. */
const MAX_KNOWN = 5000;
/** Of one worker. Requests beyond it begin no lookup. */
const MAX_LOOKUPS = 16;
const MAX_AGENT = 512;
/** Names of one address that are followed. */
const MAX_NAMES = 4;
/** The answer is that there is no such name, or nothing under it: RFC 1035 section 4.1.1. */
const NO_SUCH_NAME = ["ENOTFOUND", "ENODATA"];

export type CrawlerDns = Pick<Resolver, "resolvePtr" | "resolve4" | "resolve6" | "cancel">;

export class Crawlers {
  private readonly dns: CrawlerDns;
  private readonly now: () => number;
  /** By address and crawler. */
  private readonly known = new Map<string, { readonly verdict: CrawlerVerdict; readonly until: number }>();
  /** Owners of addresses that are being looked up. */
  private readonly running = new Set<string>();

  /** @param now monotonic milliseconds */
  constructor(dns: CrawlerDns = new Resolver({ timeout: LOOKUP_MS, tries: 1 }), now: () => number = () => performance.now()) {
    this.dns = dns;
    this.now = now;
  }

  /** @param userAgent the header of a request */
  verdictOf(ip: string, userAgent: string | undefined): CrawlerVerdict | null {
    const agent = userAgent?.slice(0, MAX_AGENT);
    const index = agent === undefined ? -1 : CRAWLERS.findIndex(({ pattern }) => pattern.test(agent));
    const crawler = CRAWLERS[index];
    if (!crawler) return null;
    const key = `${index} ${ip}`;
    const found = this.known.get(key);
    if (found && found.until > this.now()) return found.verdict;
    this.begin(key, ip, crawler);
    return "unknown";
  }

  /** Ends all lookups. */
  close(): void {
    this.dns.cancel();
  }

  private begin(key: string, ip: string, crawler: Crawler): void {
    const owner = addressOwner(ip);
    if (crawler.domains.length === 0 || this.running.has(owner) || this.running.size >= MAX_LOOKUPS) return;
    this.running.add(owner);
    void this.lookUp(plainAddress(ip), crawler).then((verdict) => {
      this.running.delete(owner);
      this.note(key, verdict);
    });
  }

  private note(key: string, verdict: CrawlerVerdict): void {
    this.known.delete(key);
    this.known.set(key, { verdict, until: this.now() + (verdict === "unknown" ? KEEP_UNKNOWN_MS : KEEP_MS) });
    if (this.known.size <= MAX_KNOWN) return;
    for (const oldest of this.known.keys()) {
      this.known.delete(oldest);
      break;
    }
  }

  private async lookUp(ip: string, { domains, documents }: Crawler): Promise<CrawlerVerdict> {
    const all = await answers(this.dns.resolvePtr(pointerName(ip)));
    if (all === null) return "unknown";
    const names = all.slice(0, MAX_NAMES).filter((name) => domains.some((domain) => name.toLowerCase().endsWith(`.${domain}`)));
    if (names.length === 0) return documents === "nothing" ? "unknown" : "false";
    for (const name of names) {
      const addresses = await answers(ip.includes(":") ? this.dns.resolve6(name) : this.dns.resolve4(name));
      if (addresses === null) return "unknown";
      if (new AddressSet(addresses).has(ip)) return "crawler";
    }
    return documents === "names and addresses" ? "false" : "unknown";
  }
}

/** The name of an address for reverse lookups: RFC 1035 section 3.5, RFC 3596 section 2.5. Node's own `reverse` hides that DNS has failed. */
function pointerName(ip: string): string {
  const words = new Uint32Array(4);
  if (readAddress(ip, 0, ip.length, words) === 4) return `${ip.split(".").reverse().join(".")}.in-addr.arpa`;
  const digits = Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
  return `${[...digits].reverse().join(".")}.ip6.arpa`;
}

/** What DNS tells; empty: there is no such name. Null: no answer. */
async function answers(asked: Promise<string[]>): Promise<readonly string[] | null> {
  try {
    return await asked;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : null;
    return NO_SUCH_NAME.some((known) => known === code) ? [] : null;
  }
}

/**
 * Gathers the abuse signals that a media worker sees, by address, and what addresses do well, until the next report to the supervisor. All of it is
 * bounded: of very many addresses, those with the most signs are reported.
 */
import { addressOwner } from "../../platform/address.ts";
import { RecentMap } from "../../platform/recent-map.ts";
import { NameSketch } from "./name-sketch.ts";
import type { AbuseSignal, AddressAbuseSignals } from "./protection-messages.ts";

/** Addresses between two reports; those with signs may be twice as many. */
const MAX_ADDRESSES = 10_000;
/** Addresses in one report: it takes about a millisecond to write. */
const MAX_REPORTED = 500;
/** Addresses whose names are remembered: 10 MB. */
const MAX_MEMORIES = 10_000;
const MAX_ABOUT = 200;
/** Sites that pages name as theirs. Further ones are new referers: a school's pages are on few. */
const FREE_REFERERS = 50;

export type AbuseSignalTallyOptions = {
  /** Whether signs are counted: not while protection is off. */
  readonly isOn: () => boolean;
  /** Addresses that stand for many clients: trusted proxies. */
  readonly isUncounted: (ip: string) => boolean;
  readonly isExempt: (ip: string) => boolean;
};

type Entry = {
  readonly ip: string;
  good: number;
  signs: Partial<Record<AbuseSignal, number>>;
  total: number;
  about: string | null;
};
type Memory = { readonly names: NameSketch; readonly referers: NameSketch; refererCount: number };

export class AbuseSignalTally {
  private readonly options: AbuseSignalTallyOptions;
  private entries = new Map<string, Entry>();
  private readonly memories = new RecentMap<string, Memory>(MAX_MEMORIES);

  constructor(options: AbuseSignalTallyOptions) {
    this.options = options;
  }

  /** The address did something as it should be. @param times how much it says for the address */
  good(ip: string, times = 1): void {
    const entry = this.entry(ip, MAX_ADDRESSES);
    if (entry) entry.good += times;
  }

  /** @param about what was wrong, for people: no secrets */
  note(ip: string, sign: AbuseSignal, about: string | null = null, times = 1): void {
    const entry = this.entry(ip, 2 * MAX_ADDRESSES);
    if (!entry) return;
    entry.signs[sign] = (entry.signs[sign] ?? 0) + times;
    entry.total += times;
    entry.about = about?.slice(0, MAX_ABOUT) ?? entry.about;
  }

  /** A name or credential was refused: a sign where the address had not asked for it before. @param name may be secret, and is only hashed */
  noteName(ip: string, sign: "new-name" | "wrong-credential", name: string, about: string): void {
    if (!this.options.isOn()) return;
    if (this.memory(ip).names.isNew(`${sign} ${name}`)) this.note(ip, sign, about);
  }

  /** A request with a `Referer` header. */
  noteReferer(ip: string, referer: string): void {
    if (!this.options.isOn()) return;
    const host = URL.canParse(referer) ? new URL(referer).host : null;
    const memory = this.memory(ip);
    if (!memory.referers.isNew(host ?? referer)) return;
    if (host !== null && memory.refererCount++ < FREE_REFERERS) return;
    this.note(ip, "new-referer", `Referer: ${host ?? "no address"}`);
  }

  /** What was gathered since the last call, the most signs first. What finds no room is told the next time. */
  take(): readonly AddressAbuseSignals[] {
    if (this.entries.size === 0) return [];
    const all = [...this.entries];
    if (all.length > MAX_REPORTED) all.sort(([, a], [, b]) => b.total - a.total || b.good - a.good);
    this.entries = new Map(all.slice(MAX_REPORTED));
    return all.slice(0, MAX_REPORTED).map(([owner, { ip, good, signs, about }]) => {
      return { owner, good, signs, about, isExempt: this.options.isExempt(ip) };
    });
  }

  private entry(ip: string, most: number): Entry | null {
    if (!this.options.isOn()) return null;
    const owner = addressOwner(ip);
    const known = this.entries.get(owner);
    if (known) return known;
    if (owner === "" || this.entries.size >= most || this.options.isUncounted(ip)) return null;
    const entry: Entry = { ip, good: 0, signs: {}, total: 0, about: null };
    this.entries.set(owner, entry);
    return entry;
  }

  private memory(ip: string): Memory {
    const owner = addressOwner(ip);
    const known = this.memories.get(owner);
    if (known) return known;
    const memory: Memory = { names: new NameSketch(), referers: new NameSketch(), refererCount: 0 };
    this.memories.set(owner, memory);
    return memory;
  }
}

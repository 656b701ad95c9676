/**
 * Who may write which stream: the one place where terms are claimed, so that two processes can never both write one log.
 * On one machine it is in the supervisor.
 *
 * A claim takes the next term. The process that wrote before lets go first, unless its publisher lives; where it is gone, whoever has
 * the longest copy is where the new writer takes the history from.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Claim, Location, Stamp, Yielded } from "../streams/index.ts";

/** What the registry asks of the processes. A call fails when its process is gone. */
export type RegistryPeers = {
  /** Null when the process does not have the stream. */
  readonly yield: (peer: string, app: string, name: string, to: string) => Promise<Yielded | null>;
  /** Whether a living publisher has the stream at this process. */
  readonly occupied: (peer: string, app: string, name: string) => Promise<boolean>;
  /** The newest record of a copy; null when it is empty. */
  readonly newest: (peer: string, app: string, name: string) => Promise<Stamp | null>;
  /** Tells all processes where a stream is; null: it is over. */
  readonly announce: (app: string, name: string, location: Location | null) => void;
};

export type RegistryLimits = { readonly streams: number; readonly graceMs: number };

type Entry = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  readonly startedAt: number;
  readonly holders: Set<string>;
  term: number;
  writer: string | null;
  cancelGrace: (() => void) | null;
};

/** Makes an epoch's name, which cannot be guessed: whoever knows it may fetch the stream's files. */
const newEpoch = () => randomBytes(9).toString("base64url");

export class Registry {
  private readonly peers: RegistryPeers;
  private readonly limits: () => RegistryLimits;
  private readonly clock: Clock;
  private readonly entries = new Map<string, Entry>();
  /** Claims of one stream are decided one after the other. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(peers: RegistryPeers, limits: () => RegistryLimits, clock: Clock) {
    this.peers = peers;
    this.limits = limits;
    this.clock = clock;
  }

  /** Everything that is live, for a process that has just begun. */
  list(): { readonly app: string; readonly name: string; readonly location: Location }[] {
    return [...this.entries.values()].map((entry) => ({ app: entry.app, name: entry.name, location: locationOf(entry) }));
  }

  /** Gives a stream's next term to a process. */
  async claim(peer: string, app: string, name: string, fresh: boolean): Promise<Claim | Refusal> {
    const key = `${app}/${name}`;
    const before = this.turns.get(key) ?? Promise.resolve();
    const turn = before.then(() => this.decide(peer, app, name, fresh));
    const settled = turn.catch(() => {});
    this.turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.turns.get(key) === settled) this.turns.delete(key);
    }
  }

  /** Whether a claim would find a living publisher. */
  async occupied(app: string, name: string): Promise<boolean> {
    const writer = this.entries.get(`${app}/${name}`)?.writer ?? null;
    return writer !== null && (await this.peers.occupied(writer, app, name).catch(() => false));
  }

  keeps(peer: string, app: string, name: string, epoch: string): void {
    const entry = this.find(app, name, epoch);
    if (!entry || entry.holders.has(peer)) return;
    entry.holders.add(peer);
    this.announce(entry);
  }

  drops(peer: string, app: string, name: string, epoch: string): void {
    const entry = this.find(app, name, epoch);
    if (!entry?.holders.delete(peer)) return;
    if (entry.writer === null && entry.holders.size === 0) this.end(entry);
    else this.announce(entry);
  }

  ended(peer: string, app: string, name: string, epoch: string): void {
    const entry = this.find(app, name, epoch);
    if (entry?.writer === peer) this.end(entry);
  }

  /** A process has died. What it wrote is waited for, where somebody has a copy of it. */
  gone(peer: string): void {
    for (const entry of [...this.entries.values()]) {
      const had = entry.holders.delete(peer);
      if (entry.writer === peer) {
        entry.writer = null;
        const { term } = entry;
        entry.cancelGrace = this.clock.after(this.limits().graceMs, () => {
          if (entry.writer === null && entry.term === term) this.end(entry);
        });
      } else if (!had) continue;
      if (entry.holders.size === 0) this.end(entry);
      else this.announce(entry);
    }
  }

  private async decide(peer: string, app: string, name: string, fresh: boolean): Promise<Claim | Refusal> {
    const entry = this.entries.get(`${app}/${name}`);
    if (!entry) return this.begin(peer, app, name);
    if (fresh) {
      this.end(entry);
      return this.begin(peer, app, name);
    }
    const { writer } = entry;
    let from: Claim["from"] = null;
    const yielded = writer === null ? null : await this.peers.yield(writer, app, name, peer).catch(() => null);
    if (yielded?.living) return new Refusal("publisher-present");
    // The stream may have ended while its writer was asked.
    if (this.entries.get(`${app}/${name}`) !== entry) return this.begin(peer, app, name);
    if (yielded && writer !== null) {
      if (writer !== peer && yielded.head) from = { peer: writer, head: yielded.head };
    } else {
      const best = await this.longestCopy(entry);
      if (!best) {
        this.end(entry);
        return this.begin(peer, app, name);
      }
      if (best.peer !== peer) from = best;
    }
    entry.cancelGrace?.();
    entry.cancelGrace = null;
    entry.term++;
    entry.writer = peer;
    entry.holders.add(peer);
    this.announce(entry);
    return { epoch: entry.epoch, term: entry.term, startedAt: entry.startedAt, from };
  }

  private begin(peer: string, app: string, name: string): Claim | Refusal {
    if (this.entries.size >= this.limits().streams) return new Refusal("full", "No more streams can be taken here at present.");
    const entry: Entry = {
      app,
      name,
      epoch: newEpoch(),
      startedAt: this.clock.utc(),
      holders: new Set([peer]),
      term: 1,
      writer: peer,
      cancelGrace: null,
    };
    this.entries.set(`${app}/${name}`, entry);
    this.announce(entry);
    return { epoch: entry.epoch, term: 1, startedAt: entry.startedAt, from: null };
  }

  private async longestCopy({ app, name, holders }: Entry): Promise<{ peer: string; head: Stamp } | null> {
    const copies = await Promise.all(
      [...holders].map(async (peer) => ({ peer, head: await this.peers.newest(peer, app, name).catch(() => null) })),
    );
    let best: { peer: string; head: Stamp } | null = null;
    for (const { peer, head } of copies) {
      if (head && (!best || head.term > best.head.term || (head.term === best.head.term && head.sequence > best.head.sequence)))
        best = { peer, head };
    }
    return best;
  }

  private find(app: string, name: string, epoch: string): Entry | null {
    const entry = this.entries.get(`${app}/${name}`);
    return entry?.epoch === epoch ? entry : null;
  }

  private end(entry: Entry): void {
    entry.cancelGrace?.();
    this.entries.delete(`${entry.app}/${entry.name}`);
    this.peers.announce(entry.app, entry.name, null);
  }

  private announce(entry: Entry): void {
    this.peers.announce(entry.app, entry.name, locationOf(entry));
  }
}

function locationOf({ epoch, term, startedAt, writer, holders }: Entry): Location {
  return { epoch, term, startedAt, writer, holders: [...holders] };
}

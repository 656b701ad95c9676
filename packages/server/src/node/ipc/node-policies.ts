/**
 * Keeps all policies of this node in the supervisor, and on its disk: a worker that starts, and a node that starts while no control process can be
 * reached, have the last known ones. Workers get each change, and lists of addresses as files.
 */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type {
  AddressListFile,
  AddressListPart,
  AddressListVersion,
  KnownPolicies,
  PolicyChange,
  PolicySnapshot,
} from "../../access/policies/policy-snapshot.ts";
import type { Logger } from "../../platform/log.ts";
import { writeAtomically } from "../../platform/write-atomically.ts";

export type NodePoliciesOptions = {
  readonly dataDir: string;
  readonly log: Logger;
  /** Asks the control process. Fails while it cannot be reached. */
  readonly askSnapshot: () => Promise<PolicySnapshot>;
  /** @param n from 0. Null: this version is not there any more */
  readonly askPart: (of: AddressListVersion & { readonly n: number }) => Promise<AddressListPart | null>;
  readonly tellWorkers: (known: KnownPolicies) => void;
  readonly retryMs?: number;
};

const RETRY_MS = 500;
/** Changes that come together are passed on together. */
const GATHER_MS = 50;
const FILE = "policies.json";
const LISTS = "address-lists";
/** One folder holds both. */
const FOLDER = "access";

export class NodePolicies {
  private readonly options: NodePoliciesOptions;
  private snapshot: PolicySnapshot | null = null;
  private readonly files = new Map<string, AddressListFile>();
  private isStale = false;
  private isAsking = false;
  private isClosed = false;
  /** Changes that came while all policies were asked for: the answer may be older. */
  private since: PolicyChange[] = [];
  private gathering: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();

  constructor(options: NodePoliciesOptions) {
    this.options = options;
  }

  /** Null: nothing yet. */
  get known(): KnownPolicies | null {
    return this.snapshot && { snapshot: this.snapshot, files: [...this.files.values()] };
  }

  /** Reads what this node knew when it ended. */
  async open(): Promise<void> {
    const text = await readFile(join(this.folder, FILE), "utf8").catch(() => null);
    if (text === null) return;
    try {
      this.snapshot = JSON.parse(text) as PolicySnapshot;
      await this.findFiles();
    } catch (error) {
      this.options.log.warn({ reason: String(error) }, "stored policies cannot be read");
    }
  }

  /** Asks for all policies again, because changes may have been missed. */
  refresh(): void {
    this.isStale = true;
    this.since = [];
    if (!this.isAsking) void this.ask();
  }

  take(change: PolicyChange): void {
    if (this.isStale) this.since.push(change);
    if (this.snapshot) this.use(withChange(this.snapshot, change));
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.gathering) clearTimeout(this.gathering);
    await this.working;
  }

  private get folder(): string {
    return join(this.options.dataDir, FOLDER);
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    while (this.isStale && !this.isClosed) {
      const asked = await this.options.askSnapshot().catch(() => null);
      if (!asked) await new Promise((resolve) => setTimeout(resolve, this.options.retryMs ?? RETRY_MS).unref());
      else {
        this.isStale = false;
        this.use(this.since.reduce(withChange, asked));
      }
    }
    this.isAsking = false;
  }

  private use(snapshot: PolicySnapshot): void {
    this.snapshot = snapshot;
    this.gathering ??= setTimeout(() => {
      this.gathering = null;
      this.tell();
      this.working = this.working.then(() => this.keepUp());
    }, GATHER_MS).unref();
  }

  private tell(): void {
    if (this.known && !this.isClosed) this.options.tellWorkers(this.known);
  }

  /** One after the other, so that the newest is what is stored last. */
  private async keepUp(): Promise<void> {
    await this.store();
    await this.fetchLists();
  }

  private async store(): Promise<void> {
    const text = JSON.stringify(this.snapshot);
    await writeAtomically(join(this.folder, FILE), text, 0o600).catch((error: unknown) => {
      this.options.log.warn({ reason: String(error) }, "policies cannot be stored");
    });
  }

  private async findFiles(): Promise<void> {
    for (const file of await addressListFiles(this.options.dataDir, this.snapshot?.addressLists ?? []))
      this.files.set(file.id, file);
  }

  private async fetchLists(): Promise<void> {
    const wanted = new Map(this.snapshot?.addressLists.map((list) => [list.id, list]));
    for (const [id, { file }] of [...this.files]) {
      if (wanted.has(id)) continue;
      this.files.delete(id);
      this.tell();
      await rm(file, { force: true });
    }
    for (const list of wanted.values()) if (this.files.get(list.id)?.version !== list.version) await this.fetchList(list);
  }

  private async fetchList(list: AddressListVersion): Promise<void> {
    const parts: Buffer[] = [];
    for (let n = 0; ; n++) {
      const part = await this.options.askPart({ ...list, n }).catch(() => null);
      // There is a newer version, or all is asked for again when the control process can be reached.
      if (!part || this.isClosed) return;
      parts.push(Buffer.from(part.bytes, "base64"));
      if (part.isLast) break;
    }
    const isWanted = this.snapshot?.addressLists.some(({ id, version }) => id === list.id && version === list.version);
    if (!isWanted) return;
    const file = join(this.folder, LISTS, nameOf(list));
    await mkdir(join(this.folder, LISTS), { recursive: true });
    const isStored = await writeAtomically(file, Buffer.concat(parts)).then(
      () => true,
      (error: unknown) => {
        this.options.log.warn({ list: list.id, reason: String(error) }, "address list not stored");
        return false;
      },
    );
    if (!isStored) return;
    const before = this.files.get(list.id);
    this.files.set(list.id, { ...list, file });
    this.tell();
    // Workers that still read it have it open.
    if (before && before.file !== file) await rm(before.file, { force: true });
  }
}

/** Those lists that this node has in files. */
export async function addressListFiles(dataDir: string, lists: readonly AddressListVersion[]): Promise<readonly AddressListFile[]> {
  const folder = join(dataDir, FOLDER, LISTS);
  const names = new Set(await readdir(folder).catch(() => []));
  return lists.flatMap((list) => (names.has(nameOf(list)) ? [{ ...list, file: join(folder, nameOf(list)) }] : []));
}

function nameOf({ id, version }: AddressListVersion): string {
  return `${id}-${version}.bin`;
}

function withChange(snapshot: PolicySnapshot, change: PolicyChange): PolicySnapshot {
  const { policies, linkKeys, addressLists, channels, exemptions, degradations = [] } = snapshot;
  switch (change.part) {
    case "policy": {
      const { level, id } = change.target;
      const others = policies.filter(({ target }) => target.level !== level || target.id !== id);
      return { ...snapshot, policies: change.policy ? [...others, change.policy] : others };
    }
    case "link-key": {
      const others = linkKeys.filter(({ id }) => id !== change.id);
      return { ...snapshot, linkKeys: change.key ? [...others, change.key] : others };
    }
    case "address-list": {
      const others = addressLists.filter(({ id }) => id !== change.id);
      return { ...snapshot, addressLists: change.list ? [...others, change.list] : others };
    }
    case "channel": {
      const others = channels.filter(({ stream }) => stream !== change.id);
      return { ...snapshot, channels: change.channel ? [...others, change.channel] : others };
    }
    case "exemption": {
      const others = exemptions.filter(({ id }) => id !== change.id);
      return { ...snapshot, exemptions: change.exemption ? [...others, change.exemption] : others };
    }
    case "degradation": {
      const others = degradations.filter(({ id }) => id !== change.id);
      return { ...snapshot, degradations: change.degradation ? [...others, change.degradation] : others };
    }
    default:
      // A part that only newer nodes know.
      return snapshot;
  }
}

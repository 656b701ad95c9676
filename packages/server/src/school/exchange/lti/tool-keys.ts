/**
 * Provides the keys with which this tool signs, kept in the database for all nodes. A key is made when it is needed and the newest one is old;
 * platforms see it a day before it signs, because they cache the list, and a month after. So a signature of any time has its key in the list.
 */
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { NewKeyPair, SigningKey } from "./signatures.ts";

const DAY_MS = 24 * 3600 * 1000;
export const KEY_LIFE_MS = 90 * DAY_MS;
export const SHOWN_BEFORE_MS = DAY_MS;
export const SHOWN_AFTER_MS = 30 * DAY_MS;

type Row = { readonly generation: number; readonly id: string; readonly created_at: Date };
type StoredKey = Row & { readonly private_key: string };

export type ToolKeysOptions = {
  readonly db: Database;
  readonly storedSecrets: StoredSecrets;
  readonly newKeyPair: () => Promise<NewKeyPair>;
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
};

export class ToolKeys {
  private readonly options: ToolKeysOptions;
  private readonly now: () => number;
  private making: Promise<void> | null = null;

  constructor(options: ToolKeysOptions) {
    this.options = options;
    this.now = options.now ?? Date.now;
  }

  /** The key that signs now: the newest that platforms have seen for a day, or the first one. */
  async signingKey(): Promise<SigningKey> {
    const rows = await this.readRows();
    return this.keyOf(rows) ?? (await this.replaceLostKey(rows[0]));
  }

  private keyOf(rows: readonly StoredKey[]): SigningKey | null {
    const { storedSecrets } = this.options;
    const keys = rows.flatMap(({ id, created_at, private_key }) => {
      const privateKey = storedSecrets.decrypt("lti_keys", id, private_key);
      return privateKey === null ? [] : [{ id, created_at, privateKey }];
    });
    const seen = keys.find(({ created_at }) => this.now() - created_at.getTime() >= SHOWN_BEFORE_MS);
    const chosen = seen ?? keys.at(-1);
    return chosen ? { id: chosen.id, privateKey: chosen.privateKey } : null;
  }

  /** The secret that encrypted the keys is lost. Platforms fetch the list again for a key that they do not know. */
  private async replaceLostKey(newest: StoredKey | undefined): Promise<SigningKey> {
    await this.makeKey(newest);
    const key = this.keyOf(await this.readRows());
    if (!key) throw new Error("the tool has no key");
    return key;
  }

  /** The public keys, as platforms fetch them (RFC 7517, section 5). */
  async publicKeys(): Promise<Record<string, unknown>[]> {
    const rows = await this.readRows();
    return rows.map(({ id, public_key }) => ({ ...public_key, kid: id, alg: "RS256", use: "sig" }));
  }

  /** The keys that platforms may see, the newest first. Makes one where the newest is old. */
  private async readRows() {
    const { db } = this.options;
    const read = () => db.selectFrom("lti_keys").selectAll().orderBy("generation", "desc").limit(10).execute();
    let rows = await read();
    const newest = rows[0];
    if (!newest || this.now() - newest.created_at.getTime() >= KEY_LIFE_MS) {
      // Everybody may ask for the keys, and making one takes a core for a moment.
      this.making ??= this.makeKey(newest).finally(() => {
        this.making = null;
      });
      await this.making;
      rows = await read();
    }
    return rows.filter((_, index) => index === 0 || this.isShown(rows[index - 1]));
  }

  /** Whether a key is still shown, by the time that the next one has signed. */
  private isShown(next: Row | undefined): boolean {
    return next === undefined || this.now() - next.created_at.getTime() < SHOWN_BEFORE_MS + SHOWN_AFTER_MS;
  }

  /** Of several nodes that make a key at the same time, one does: the generation is unique. */
  private async makeKey(newest: Row | undefined): Promise<void> {
    const { db, newKeyPair, storedSecrets } = this.options;
    const { privateKey, publicKey } = await newKeyPair();
    const id = newId();
    const private_key = storedSecrets.encrypt("lti_keys", id, privateKey);
    const row = { generation: (newest?.generation ?? 0) + 1, id, private_key, public_key: json(publicKey) };
    await db
      .insertInto("lti_keys")
      .values({ ...row, created_at: new Date(this.now()) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const keptFrom = row.generation - 2;
    await db.deleteFrom("lti_keys").where("generation", "<", keptFrom).execute();
  }
}

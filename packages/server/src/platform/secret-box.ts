/**
 * Encrypts what the database and files keep and the server needs again: AES-256-GCM (NIST SP 800-38D) with keys derived by HKDF (RFC 5869) from
 * secrets that are elsewhere. A copy of the database alone does not decrypt it.
 *
 *     enc1:KEY:base64url(nonce, tag, ciphertext)      KEY names the key, so that two are valid during a rotation
 *     enc2:KEY:…                                      the same by a data key (`school/foundation/encryption/`)
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
/** Bytes of GCM's nonce and tag: NIST SP 800-38D, 8.2 and 5.2.1.2. */
const NONCE = 12;
const TAG = 16;
const KEY_NAME_BYTES = 6;
/** Of a blind index: among 2^32 values two that differ have the same one with a probability of 2^-33. */
const INDEX_BYTES = 12;
const ENCRYPTED = /^enc\d:([\w-]{8}):([\w-]{38,})$/;

/** enc1: by the server's secrets. enc2: by data keys. */
export type Scheme = "enc1" | "enc2";

type Key = { readonly name: string; readonly bytes: Buffer; readonly indexBytes: Buffer };

export class SecretBox {
  private readonly secrets: () => readonly string[];
  private readonly scheme: Scheme;
  private readonly keys = new Map<string, Key>();

  /** @param secrets the first encrypts, all of them decrypt; empty: nothing is encrypted */
  constructor(secrets: () => readonly string[], scheme: Scheme = "enc1") {
    this.secrets = secrets;
    this.scheme = scheme;
  }

  /** How texts name the key of a secret. */
  static nameOf(secret: string): string {
    return derived(secret, "stored secrets, name", KEY_NAME_BYTES).toString("base64url");
  }

  /** What every text begins with that the first secret encrypted; null: there is no secret. */
  get prefix(): string | null {
    const [first] = this.secrets();
    return first === undefined ? null : this.prefixOf(this.keyOf(first));
  }

  /**
   * The encrypted text. Without a secret, the text itself.
   * @param context what the secret is and whose, such as `webhook ID`: it is decrypted there only
   */
  encrypt(text: string, context: string): string {
    const [first] = this.secrets();
    if (first === undefined) return text;
    // The first may be another one a moment later: a text is to name the key that it was encrypted by.
    const key = this.keyOf(first);
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(Buffer.from(context));
    const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return `${this.prefixOf(key)}${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString("base64url")}`;
  }

  /** The text; one that is not encrypted, from before, is returned as it is. Null: no secret decrypts it, it was changed, or it belongs elsewhere. */
  decrypt(stored: string, context: string): string | null {
    const [, name, content = ""] = (stored.startsWith(this.scheme) && ENCRYPTED.exec(stored)) || [];
    if (name === undefined) return stored;
    const key = this.secrets()
      .map((secret) => this.keyOf(secret))
      .find((one) => one.name === name);
    if (!key) return null;
    const bytes = Buffer.from(content, "base64url");
    try {
      const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString("utf8");
    } catch {
      return null;
    }
  }

  /**
   * Blind indexes of a text, by which an equal one is found without being decrypted: HMAC-SHA-256 by a key of their own. That of the first secret comes first; the
   * others find what is encrypted by these.
   * @param context as of `encrypt`
   */
  indexes(text: string, context: string): readonly string[] {
    return this.secrets().map((secret) => {
      const mac = createHmac("sha256", this.keyOf(secret).indexBytes).update(`${context}\0${text}`).digest();
      return mac.subarray(0, INDEX_BYTES).toString("base64url");
    });
  }

  private prefixOf({ name }: Key): string {
    return `${this.scheme}:${name}:`;
  }

  private keyOf(secret: string): Key {
    const known = this.keys.get(secret);
    if (known) return known;
    const [bytes, indexBytes] = [derived(secret, "stored secrets", KEY_BYTES), derived(secret, "blind index", KEY_BYTES)];
    const key = { name: SecretBox.nameOf(secret), bytes, indexBytes };
    this.keys.set(secret, key);
    return key;
  }
}

function derived(secret: string, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `lectern ${purpose}`, length));
}

/**
 * Encrypts secrets that the database keeps and the server needs again: AES-256-GCM (NIST SP 800-38D) with keys derived by HKDF (RFC 5869) from
 * the server's own secrets. A copy of the database alone does not decrypt them.
 *
 *     enc1:KEY:base64url(nonce, tag, ciphertext)      KEY names the key, so that two are valid during a rotation
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
/** Bytes of GCM's nonce and tag: NIST SP 800-38D, 8.2 and 5.2.1.2. */
const NONCE = 12;
const TAG = 16;
const KEY_NAME_BYTES = 6;
const ENCRYPTED = /^enc1:([\w-]{8}):([\w-]{38,})$/;

type Key = { readonly name: string; readonly bytes: Buffer };

export class SecretBox {
  private readonly secrets: () => readonly string[];
  private readonly derived = new Map<string, Key>();

  /** @param secrets the first encrypts, all of them decrypt; empty: nothing is encrypted */
  constructor(secrets: () => readonly string[]) {
    this.secrets = secrets;
  }

  /** What every text begins with that the first secret encrypted; null: there is no secret. */
  get prefix(): string | null {
    const [first] = this.secrets();
    return first === undefined ? null : `enc1:${this.keyOf(first).name}:`;
  }

  /**
   * The encrypted text. Without a secret, the text itself.
   * @param context what the secret is and whose, such as `webhook ID`: it is decrypted there only
   */
  encrypt(text: string, context: string): string {
    const [first] = this.secrets();
    if (first === undefined) return text;
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(CIPHER, this.keyOf(first).bytes, nonce).setAAD(Buffer.from(context));
    const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return `${this.prefix}${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString("base64url")}`;
  }

  /** The text; one that is not encrypted, from before, is returned as it is. Null: no secret decrypts it, it was changed, or it belongs elsewhere. */
  decrypt(stored: string, context: string): string | null {
    const [, name, content = ""] = ENCRYPTED.exec(stored) ?? [];
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

  private keyOf(secret: string): Key {
    const known = this.derived.get(secret);
    if (known) return known;
    const derive = (purpose: string, length: number) => Buffer.from(hkdfSync("sha256", secret, "", `lectern ${purpose}`, length));
    const key = {
      name: derive("stored secrets, name", KEY_NAME_BYTES).toString("base64url"),
      bytes: derive("stored secrets", KEY_BYTES),
    };
    this.derived.set(secret, key);
    return key;
  }
}

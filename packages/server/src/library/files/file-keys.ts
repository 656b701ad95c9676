/**
 * Makes and opens the keys of encrypted recorded files: each file has a random one of 256 bits, which stands in the first line of its index, encrypted by the
 * server's secrets.
 */
import { randomBytes } from "node:crypto";
import { SecretBox } from "../../platform/secret-box.ts";

export type FileKey = {
  /** As the index has it. */
  readonly wrapped: string;
  readonly bytes: Buffer;
};

export type FileKeys = {
  /** What keys begin with that the first secret encrypted; null: there is none. */
  readonly prefix: () => string | null;
  /** A key for a new file; null: files are not encrypted. */
  readonly create: () => FileKey | null;
  /** @throws Error where no secret of this server decrypts it */
  readonly open: (wrapped: string) => FileKey;
  /** The key encrypted by the first secret, in as many characters; null: it is already. @throws Error as `open` */
  readonly rewrap: (wrapped: string) => string | null;
};

export type FileKeysOptions = {
  readonly atRest: () => boolean;
  /** Of the server: the first encrypts, all of them decrypt. */
  readonly secrets: () => readonly string[];
};

const KEY_BYTES = 32;
const CONTEXT = "key of a recorded file";

export function fileKeys({ atRest, secrets }: FileKeysOptions): FileKeys {
  const box = new SecretBox(secrets);
  const open = (wrapped: string): FileKey => {
    const text = box.decrypt(wrapped, CONTEXT);
    if (text === null)
      throw new Error(`a recorded file is encrypted by the secret ${wrapped.split(":")[1]}, which this server does not have`);
    return { wrapped, bytes: Buffer.from(text, "base64") };
  };
  const wrap = (bytes: Buffer) => box.encrypt(bytes.toString("base64"), CONTEXT);
  return {
    prefix: () => box.prefix,
    create: () => {
      if (!atRest() || box.prefix === null) return null;
      const bytes = randomBytes(KEY_BYTES);
      return { wrapped: wrap(bytes), bytes };
    },
    open,
    rewrap: (wrapped) => (box.prefix === null || wrapped.startsWith(box.prefix) ? null : wrap(open(wrapped).bytes)),
  };
}

/** Of tools and tests without a server: no file is encrypted, and none that is can be read. */
export const NO_FILE_KEYS: FileKeys = fileKeys({ atRest: () => false, secrets: () => [] });

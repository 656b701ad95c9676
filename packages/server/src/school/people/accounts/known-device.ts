/**
 * Marks the devices on which people have signed in, so that wrong passwords of strangers do not lock these people out, and people hear of a sign-in on
 * another device. A mark is a signed value for one account, which the browser keeps in a cookie; a new password makes it worthless. It opens nothing:
 * the password is still needed.
 */
import { createHmac, randomBytes } from "node:crypto";
import { DEVICE_COOKIE } from "../../../access/credentials/device-cookie.ts";
import { derivedSecret, equalSecrets } from "../../../platform/secrets.ts";
import type { User } from "../../foundation/store/tables.ts";

/** Accounts that one browser remembers, such as those of a family. */
const MAX_MARKS = 6;
/** Separates the marks of several accounts: RFC 6265 allows it in a value. */
const BETWEEN = "!";
const MAX_AGE_SECONDS = 365 * 24 * 3600;
const DEVICE_BYTES = 9;
const MAC_LENGTH = 22;

type Account = Pick<User, "id" | "password_hash">;

export class KnownDevices {
  private readonly secret: () => string;

  /** @param secret shared by all control processes; empty: no device is known */
  constructor(secret: () => string) {
    this.secret = secret;
  }

  /** The device on which the account has signed in before; null: unknown. */
  find(cookie: string | null, account: Account): string | null {
    for (const mark of marksOf(cookie)) {
      const [userId = "", device = "", mac = ""] = mark.split(".");
      const expected = userId === account.id ? this.macOf(account, device) : null;
      if (expected !== null && equalSecrets(mac, expected)) return device;
    }
    return null;
  }

  /** Whether the account has not signed in on this device before; false where no device can be known. */
  isNew(cookie: string | null, account: Account): boolean {
    return this.secret() !== "" && this.find(cookie, account) === null;
  }

  /** The cookie that marks the device for an account, beside the marks that it has; null: there is no secret to sign with. */
  cookieFor(cookie: string | null, account: Account, isSecure: boolean): string | null {
    const device = this.find(cookie, account) ?? randomBytes(DEVICE_BYTES).toString("base64url");
    const mac = this.macOf(account, device);
    if (mac === null) return null;
    const others = marksOf(cookie).filter((mark) => !mark.startsWith(`${account.id}.`));
    const marks = [`${account.id}.${device}.${mac}`, ...others].slice(0, MAX_MARKS).join(BETWEEN);
    const attributes = `Path=/api/v1; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
    return `${DEVICE_COOKIE}=${marks}; ${attributes}`;
  }

  private macOf({ id, password_hash }: Account, device: string): string | null {
    const secret = this.secret();
    if (secret === "") return null;
    const text = `${id}\n${device}\n${password_hash ?? ""}`;
    return createHmac("sha256", derivedSecret("known devices", secret)).update(text).digest("base64url").slice(0, MAC_LENGTH);
  }
}

function marksOf(cookie: string | null): readonly string[] {
  return (cookie ?? "").split(BETWEEN).filter((mark) => /^[\w-]{1,40}\.[\w-]{1,20}\.[\w-]{22}$/.test(mark));
}

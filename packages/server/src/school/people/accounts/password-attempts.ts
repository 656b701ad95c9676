/**
 * Decides whether a password may be tried, and counts the try: per account and address, per account, and per address. A known device has a count
 * of its own, and an address from which the account is signed in is not locked by what others did, so strangers cannot lock anybody out.
 */
import { addressOwner } from "../../../platform/address.ts";
import type { Database, User } from "../../foundation/store/tables.ts";
import { type Attempt, type Attempts, lockedRefusal } from "./attempts.ts";
import type { KnownDevices } from "./known-device.ts";

export type PasswordTry = {
  /** The accounts that the login names. */
  readonly accounts: readonly User[];
  /** What is counted where the login names nobody, so that the answers do not reveal it. */
  readonly login: string;
  readonly school: string | null;
  readonly ip: string;
  /** The cookie of known devices. */
  readonly device: string | null;
};

/** A try that was counted as failed. */
export type CountedTry = {
  /** The password was right: the counts of this person are cleared, those that others share are given back. */
  readonly succeeded: () => Promise<void>;
  /** The password was not checked. */
  readonly cancelled: () => Promise<void>;
};

export class PasswordAttempts {
  private readonly db: Database;
  private readonly attempts: Attempts;
  private readonly devices: KnownDevices;

  constructor(db: Database, attempts: Attempts, devices: KnownDevices) {
    this.db = db;
    this.attempts = attempts;
    this.devices = devices;
  }

  /** Counts the try before the password is checked. @throws RefusalError too-many */
  async admit(tried: PasswordTry): Promise<CountedTry> {
    const own = this.ownCounts(tried);
    await this.attempts.admit(own);
    // The tries of a known device are no stranger's.
    const shared = own.some(({ kind }) => kind === "device") ? [] : sharedCounts(tried);
    const seconds = await this.attempts.count(shared);
    const isCounted = seconds === 0;
    if (!isCounted && !(await this.isSignedInFrom(tried))) {
      await this.attempts.giveBack(own);
      throw lockedRefusal(seconds);
    }
    const giveBackShared = async () => {
      if (isCounted) await this.attempts.giveBack(shared);
    };
    return {
      succeeded: async () => {
        await this.attempts.clear(own);
        await giveBackShared();
      },
      cancelled: async () => {
        await this.attempts.giveBack(own);
        await giveBackShared();
      },
    };
  }

  private ownCounts(tried: PasswordTry): readonly Attempt[] {
    for (const account of tried.accounts) {
      const device = this.devices.find(tried.device, account);
      if (device !== null) return [{ kind: "device", subject: `${account.id} ${device}` }];
    }
    const owner = addressOwner(tried.ip);
    return subjectsOf(tried).map((subject) => ({ kind: "person", subject: `${subject} ${owner}` }));
  }

  /** Whether one of the accounts has a session that was opened from this address. */
  private async isSignedInFrom({ accounts, ip }: PasswordTry): Promise<boolean> {
    // An unknown login is looked up as well: it takes as long as a known one.
    const ids = accounts.length > 0 ? accounts.map(({ id }) => id) : [""];
    const session = await this.db
      .selectFrom("sessions")
      .select("user_id")
      .where("user_id", "in", ids)
      .where("ip", "=", ip)
      .where("expires_at", ">", new Date())
      .limit(1)
      .executeTakeFirst();
    return session !== undefined;
  }
}

function sharedCounts(tried: PasswordTry): readonly Attempt[] {
  const accounts = subjectsOf(tried).map((subject): Attempt => ({ kind: "account", subject }));
  return [...accounts, { kind: "address", subject: addressOwner(tried.ip) }];
}

/** An account's id belongs to one school; a login alone may belong to several. */
function subjectsOf({ accounts, login, school }: PasswordTry): readonly string[] {
  return accounts.length > 0 ? accounts.map(({ id }) => id) : [`${school ?? ""}/${login}`];
}

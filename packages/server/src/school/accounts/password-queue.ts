/**
 * Hashes and verifies passwords in a queue of its own, so that a flood of sign-ins holds up neither other requests nor other addresses. A hash
 * takes about 30 ms and 19 MiB on a thread of libuv's pool, which files and name look-ups use too.
 */
import { availableParallelism } from "node:os";
import { addressOwner } from "../../platform/address.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { FairQueue } from "../../platform/fair-queue.ts";
import { Refusal } from "../../platform/refusal.ts";
import { schoolText } from "../messages/school-texts.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { PasswordPace } from "./password-pace.ts";

/** One core and one of libuv's four threads stay free. */
const AT_ONCE = Math.max(1, Math.min(3, availableParallelism() - 1));
/** A class that signs in at the same moment; on two cores its last one waits for two seconds. */
const MAX_WAITING_PER_ADDRESS = 64;
const MAX_WAITING = 256;
/** Checks of a slowed address that wait for their start; the others are refused, so that they hold nothing while they wait. */
const MAX_SLOWED = 4;

const queue = new FairQueue({
  places: AT_ONCE,
  maxWaitingPerKey: MAX_WAITING_PER_ADDRESS,
  maxWaiting: MAX_WAITING,
  isGreedy: true,
});

/** @param from the address that caused it, or the task of the server. @throws RefusalError too-many */
export function queuedHash(password: string, from: string): Promise<string> {
  return inQueue(from, () => hashPassword(password));
}

const pace = new PasswordPace();
/** Checks of slowed addresses that wait for their start, by address. */
const slowed = new Map<string, number>();

export type PasswordCheck = {
  readonly password: string;
  /** Null: no account has the login, which takes as long as a wrong password. */
  readonly hash: string | null;
  /** The address that caused it. */
  readonly from: string;
  /** Whether it comes from a known device, which does not wait behind the wrong passwords of others at its address. */
  readonly isKnownDevice?: boolean;
};

/** @throws RefusalError too-many */
export async function queuedVerify({ password, hash, from, isKnownDevice = false }: PasswordCheck): Promise<boolean> {
  const owner = addressOwner(from);
  if (!isKnownDevice) await keepPace(owner);
  const isRight = await inQueue(isKnownDevice ? `${from} known` : from, () => verifyPassword(password, hash));
  if (!isRight) pace.failed(owner);
  return isRight;
}

/** Refuses an address that has too many checks waiting, before anything is done for it. @throws RefusalError too-many */
export function refuseWhileBusy(from: string): void {
  const owner = addressOwner(from);
  if (queue.isFull(owner) || (slowed.get(owner) ?? 0) >= MAX_SLOWED) throw busy();
}

/** @throws RefusalError too-many */
async function keepPace(owner: string): Promise<void> {
  const waiting = slowed.get(owner) ?? 0;
  if (waiting >= MAX_SLOWED) throw busy();
  const milliseconds = pace.start(owner);
  if (milliseconds === 0) return;
  slowed.set(owner, waiting + 1);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const left = (slowed.get(owner) ?? 1) - 1;
  if (left > 0) slowed.set(owner, left);
  else slowed.delete(owner);
}

function inQueue<T>(from: string, task: () => Promise<T>): Promise<T> {
  return queue.run(addressOwner(from), task) ?? Promise.reject(busy());
}

function busy(): RefusalError {
  return new RefusalError(new Refusal("too-many", schoolText("passwords-busy")).after(queue.secondsUntilFree));
}

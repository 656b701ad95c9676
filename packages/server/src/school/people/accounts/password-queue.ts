/**
 * Hashes and verifies passwords in a queue of its own, so that a flood of sign-ins holds up neither other requests nor other addresses. A hash
 * takes about 30 ms and 19 MiB on a thread of libuv's pool, which files and name look-ups use too.
 */
import { availableParallelism } from "node:os";
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import { FairQueue, type FairQueueOptions, type RestAfter } from "../../../platform/fair-queue.ts";
import { type Rate, RateLimit } from "../../../platform/rate-limit.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { hashPassword, verifyPassword } from "./password.ts";

/** One core stays free while one address has all of its passwords checked. */
const AT_ONCE_PER_ADDRESS = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Who signs in beside one busy address does not wait for its check. One of libuv's four threads stays free. */
const AT_ONCE = AT_ONCE_PER_ADDRESS + 1;
/** A class that signs in at the same moment; on two cores its last one waits for two seconds. */
export const MAX_WAITING_PER_ADDRESS = 64;
const MAX_WAITING = 256;

/**
 * Wrong passwords of one address without a pause; each further one is followed by half a second in which the address has no turn. It is not refused:
 * a client that is refused at once comes again at once.
 */
const WRONG_PASSWORDS: Rate = { burst: 5, perSecond: 0.5 };
/** The pause is so many times as long as the check: such an address has a tenth of a core. */
const PAUSE_SHARE = 9;

const LIMITS: FairQueueOptions = {
  slots: AT_ONCE,
  slotsPerKey: AT_ONCE_PER_ADDRESS,
  maxWaitingPerKey: MAX_WAITING_PER_ADDRESS,
  maxWaiting: MAX_WAITING,
};

export class PasswordQueue {
  private readonly queue: FairQueue;
  private readonly wrongPasswords: RateLimit;

  /** @param clock of the pauses */
  constructor(clock: Clock = systemClock) {
    this.queue = new FairQueue(LIMITS, clock);
    this.wrongPasswords = new RateLimit(WRONG_PASSWORDS, clock.monotonic);
  }

  /** @param from the address that caused it, or the task of the server. @throws RefusalError too-many */
  hash(password: string, from: string): Promise<string> {
    return this.run(from, () => hashPassword(password));
  }

  /** @param from the address that caused it, or a device that is known. @throws RefusalError too-many */
  verify(password: string, hash: string | null, from: string): Promise<boolean> {
    return this.run(
      from,
      () => verifyPassword(password, hash),
      (isRight, tookMs) => (!isRight && this.wrongPasswords.take([addressOwner(from)]) > 0 ? PAUSE_SHARE * tookMs : 0),
    );
  }

  /** Refuses an address that has too many checks waiting, before anything is done for it. @throws RefusalError too-many */
  refuseWhileBusy(from: string): void {
    const owner = addressOwner(from);
    if (this.queue.isFull(owner)) throw this.busy(owner);
  }

  private run<T>(from: string, task: () => Promise<T>, restAfter?: RestAfter<T>): Promise<T> {
    const owner = addressOwner(from);
    return this.queue.run(owner, task, restAfter) ?? Promise.reject(this.busy(owner));
  }

  private busy(owner: string): RefusalError {
    return new RefusalError(new Refusal("too-many", schoolText("passwords-busy")).after(this.queue.secondsUntilFree(owner)));
  }
}

/** All passwords of a process are in it, so that they leave its cores to others. */
export const passwordQueue = new PasswordQueue();

/**
 * Limits how often people join lessons: from one address, as one person, with one code. The counts are in the memory of this process, so that a
 * flood costs no query; each control process counts for itself.
 */
import { addressOwner } from "../../../platform/address.ts";
import { type Rate, RateLimit } from "../../../platform/rate-limit.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";

export type JoinSettings = {
  readonly perAddress: { readonly joinsPerSecond: number };
  readonly perCode: { readonly joinsPerSecond: number; readonly burst: number };
};

/** Seconds' worth of joins that an address may make at once: a school whose lessons begin together. */
const ADDRESS_BURST_SECONDS = 20;
/** A page joins once, renews its links every ten minutes, and asks every three seconds in a waiting room. A person may have several pages. */
const OF_PERSON: Rate = { burst: 60, perSecond: 2 };

export class JoinLimits {
  private readonly ofAddress: RateLimit;
  private readonly ofPerson: RateLimit;
  private readonly ofCode: RateLimit;

  /** @param now monotonic milliseconds */
  constructor(settings: () => JoinSettings, now: () => number = () => performance.now()) {
    this.ofAddress = new RateLimit(() => {
      const { joinsPerSecond: perSecond } = settings().perAddress;
      return { perSecond, burst: perSecond * ADDRESS_BURST_SECONDS };
    }, now);
    this.ofPerson = new RateLimit(OF_PERSON, now);
    this.ofCode = new RateLimit(() => {
      const { joinsPerSecond: perSecond, burst } = settings().perCode;
      return { perSecond, burst };
    }, now);
  }

  /** Counts any join or renewal. @throws RefusalError too-many */
  fromAddress(ip: string): void {
    assertRate(this.ofAddress, [addressOwner(ip)], protectionText("address-joins"));
  }

  /** Counts a join or renewal of a person, or of a participant who has been in the lesson. @throws RefusalError too-many */
  byPerson(id: string): void {
    assertRate(this.ofPerson, [id], protectionText("person-joins"));
  }

  /** Counts a join with the code of a lesson by a person whom it does not know. @throws RefusalError too-many */
  withCode(lessonId: string): void {
    assertRate(this.ofCode, [lessonId], protectionText("code-joins"));
  }
}

/** Counts a join against the limits of the person, the code and the address. */
import type { Actor } from "../../access/actor.ts";
import { addressOwner } from "../../platform/address.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import type { HourlyLimits } from "../people/limits/hourly-limits.ts";
import type { JoinLimits } from "../people/limits/join-limits.ts";
import { findParticipant } from "./join.ts";

type JoinCounters = { readonly db: Db; readonly joins: JoinLimits; readonly hourly: HourlyLimits };

type CountedJoin = {
  readonly actor: Actor;
  readonly lesson: Lesson;
  readonly ip: string;
  /** A guest's token from an earlier join. */
  readonly token: string | null;
  readonly hasCode: boolean;
};

/**
 * A guest with a token that is right is one person, who renews links or waits. All others with the code count for the code, because anybody may
 * have it, and each new guest for the address. An API key vouches for its guests, and has a limit of its own.
 * @throws RefusalError too-many
 */
export async function countJoin({ db, joins, hourly }: JoinCounters, join: CountedJoin): Promise<void> {
  const { actor, lesson, ip, token, hasCode } = join;
  if (actor.kind === "user") joins.byPerson(actor.id ?? "");
  else if (token !== null) {
    const guest = await findParticipant(db, lesson, null, token);
    if (guest) return joins.byPerson(guest.id);
  }
  if (!hasCode) return;
  joins.withCode(lesson.id);
  if (actor.kind === "nobody") await hourly.admitInCrowd({ kind: "guest-address", subject: addressOwner(ip) });
}

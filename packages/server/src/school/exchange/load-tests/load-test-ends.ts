/** Ends load tests whose time is over: those that `lectern load` has not ended itself, because it was killed or lost the server. */
import type { Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import type { StreamControl } from "../../lessons/stream-control.ts";
import { endLoadTests } from "./load-test.ts";

export type LoadTestEndOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly streams: Pick<StreamControl, "ruleChanged">;
};

export function loadTestEnds({ db, changes, streams }: LoadTestEndOptions): WorkKind<WorkItem> {
  return {
    name: "load-test-ends",
    places: { total: 1 },
    failure: "load test not ended, trying again",
    isWokenBy: ({ action }) => action === "load-test.begin",
    find: async ({ until }) => {
      const running = await db
        .selectFrom("schools")
        .select(["id", "load_test_until"])
        .where("load_test_until", "<=", new Date(until))
        .where("deleting_since", "is", null)
        .execute();
      return running.map(({ id, load_test_until: end }) => soleItem(id, end?.getTime() ?? 0));
    },
    perform: async ({ id }) => {
      await changes.transact(SYSTEM, async (change) => {
        const schools = await change.trx
          .selectFrom("schools")
          .selectAll()
          .where("id", "=", id)
          .where("load_test_until", "is not", null)
          .where("deleting_since", "is", null)
          .execute();
        await endLoadTests(change, schools, streams.ruleChanged);
        return { body: null };
      });
    },
  };
}

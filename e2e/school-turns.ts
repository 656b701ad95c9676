/** Gives the background work of a school in this process its turns at a test's request, instead of at the end of its longest sleep. */
import type { SchoolService } from "../packages/server/src/school/school.ts";
import { until } from "./lectern.ts";

/** Waits until something holds; background work that is due has a turn each time that it does not hold yet. */
type UntilTurn = (holds: () => boolean | Promise<boolean>, what: string) => Promise<void>;

export function withTurns(service: Pick<SchoolService, "wakeWork">): UntilTurn {
  return async (holds, what) => {
    await until(async () => {
      if (await holds()) return true;
      service.wakeWork();
      return false;
    }, what);
  };
}

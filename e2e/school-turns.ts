/** Gives the periodic work of a school in this process its turns at a test's request, instead of every few seconds. */
import type { TestContext } from "node:test";
import { until } from "./lectern.ts";

/** No periodic work that a test waits for has longer pauses. */
const PAUSE_MS = 10_000;

/** Waits until something holds; all periodic work has a turn each time that it does not hold yet. */
type UntilTurn = (holds: () => boolean | Promise<boolean>, what: string) => Promise<void>;

/** To be called before the school is opened. Until the test ends, its periodic work has no turns of its own. */
export function withTurns(t: TestContext): UntilTurn {
  t.mock.timers.enable({ apis: ["setInterval"] });
  return async (holds, what) => {
    await until(async () => {
      if (await holds()) return true;
      t.mock.timers.tick(PAUSE_MS);
      return false;
    }, what);
  };
}

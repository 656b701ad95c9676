/** Tries whether a connection carries a rung, by receiving it for a moment. */
import { addressOfRung, type Rung } from "../rung-list.ts";
import { RungStream } from "./rung-stream.ts";

/** A rung that arrives in time for so long is carried. */
const TRIAL_MS = 3000;
const GOOD_PACE = 0.9;
/** The rung may have to be made first. */
const ANSWER_MS = 15_000;

/**
 * Receives a rung as FLV and says whether it arrives in time. True, too, where nothing can be learned that way, as behind a proxy that
 * lets no FLV pass.
 * @param url the stream's address, of any protocol
 */
export function carries(url: string, rung: Rung): Promise<boolean> {
  return new Promise((resolve) => {
    const flv = addressOfRung(url, rung.name).replace(/\.[a-z0-9]+(?=\?|#|$)/, ".flv");
    const done = (isCarried: boolean): void => {
      clearTimeout(ending);
      stream.close();
      resolve(isCarried);
    };
    const stream = new RungStream(flv, rung, {
      onTags: () => {
        const now = performance.now();
        if (stream.openedAt === null || now - stream.openedAt < TRIAL_MS) return;
        done((stream.arrivals?.measure(now).pace ?? 0) >= GOOD_PACE);
      },
      onUndecodable: () => {},
      onEnd: () => done(false),
      onProblem: () => done(true),
    });
    const ending = setTimeout(() => done(false), ANSWER_MS);
  });
}

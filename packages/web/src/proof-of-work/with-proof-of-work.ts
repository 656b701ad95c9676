/**
 * Repeats requests that the server answers only to browsers with a clearance (`challenge-required`), after this browser has earned one. The person
 * at the page sees nothing of it. What earns a clearance is loaded when it is needed.
 */

/** After a failure, refusals are shown for this long without another attempt. */
const FAILED_FOR_MS = 5000;

/** Requests at once earn one clearance. */
let earning: Promise<boolean> | null = null;
/** Milliseconds of `performance.now()`. */
let earnedAt = Number.NEGATIVE_INFINITY;
let failedAt = Number.NEGATIVE_INFINITY;

/**
 * @param ask sends the request; called a second time with a clearance
 * @returns the answer to the second request; that to the first one, where it needs no clearance or none can be earned
 */
export async function withProofOfWork(ask: () => Promise<Response>): Promise<Response> {
  const requestedAt = performance.now();
  const answer = await ask();
  if (!(await needsProofOfWork(answer)) || !(await hasEarned(requestedAt))) return answer;
  const repeated = await ask();
  // A browser that keeps no cookies has earned nothing.
  if (await needsProofOfWork(repeated)) failedAt = performance.now();
  return repeated;
}

/** Earns a clearance where the refusal of a stream's address asks for one. False: the refusal stands. @param address of the stream */
export async function earnFor(address: string): Promise<boolean> {
  const abort = new AbortController();
  const requestedAt = performance.now();
  try {
    const answer = await fetch(address, { cache: "no-store", signal: abort.signal });
    return (await needsProofOfWork(answer)) && (await hasEarned(requestedAt));
  } catch {
    return false;
  } finally {
    abort.abort();
  }
}

async function needsProofOfWork(answer: Response): Promise<boolean> {
  if (answer.status !== 403) return false;
  const problem: unknown = await answer
    .clone()
    .json()
    .catch(() => null);
  return typeof problem === "object" && problem !== null && Reflect.get(problem, "code") === "challenge-required";
}

/** @param requestedAt when the refused request was sent: a clearance that was earned since is enough */
async function hasEarned(requestedAt: number): Promise<boolean> {
  if (earnedAt > requestedAt) return true;
  if (performance.now() - failedAt < FAILED_FOR_MS) return false;
  earning ??= earn().finally(() => {
    earning = null;
  });
  return await earning;
}

async function earn(): Promise<boolean> {
  try {
    const { passChallenge } = await import("./pass-challenge.ts");
    if (await passChallenge()) {
      earnedAt = performance.now();
      return true;
    }
  } catch {
    // No answer, no worker, no memory: the person sees the refusal.
  }
  failedAt = performance.now();
  return false;
}

/** Repeats requests that the server refuses because there were too many in a short time, once the time that it names is over. */

/** Longer ones are shown to the person. */
const MAX_WAIT_SECONDS = 3;
const MAX_TRIES = 5;

/**
 * @param ask sends the request; called again after `too-many` (429, RFC 6585 section 4), which has done nothing
 * @param wait seconds. Default: as long as that
 */
export async function retryUntil(ask: () => Promise<Response>, wait = sleep): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
    if (answer.status !== 429 || tries === MAX_TRIES || !(seconds <= MAX_WAIT_SECONDS)) return answer;
    await wait(seconds);
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Earns a clearance: gets a challenge from the server, solves it in a thread of its own, and shows the solution. */
import { lecternClient } from "@lectern/client";
import type { Challenge } from "./solve-challenge.ts";

/** An address may change between two requests, and a busy device may be late. */
const ATTEMPTS = 2;
/** Ten times what a slow phone needs for the most work. */
const SOLVE_WITHIN_MS = 40_000;

/** False: the server did not accept the solution. Rejects when no answer arrives, or the browser runs no worker. */
export async function passChallenge(): Promise<boolean> {
  const client = lecternClient({ url: location.origin, fetch: sendAnonymously });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { data: challenge } = await client.GET("/api/v1/challenge", { cache: "no-store" });
    if (!challenge) return false;
    const number = await solveInThread(challenge);
    if (number === null) return false;
    const { algorithm, challenge: hash, salt, signature } = challenge;
    const payload = btoa(JSON.stringify({ algorithm, challenge: hash, number, salt, signature }));
    const { error } = await client.POST("/api/v1/challenge", { body: { payload } });
    if (error === undefined) return true;
    if (error.code !== "bad-challenge") return false;
  }
  return false;
}

/** A clearance is the same for everybody who is signed in, or nobody. */
function sendAnonymously(request: Request): Promise<Response> {
  request.headers.set("lectern-page", "anonymous");
  return fetch(request);
}

/** Null: no number solves it. */
function solveInThread(challenge: Challenge): Promise<number | null> {
  const thread = new Worker(new URL("./solve-thread.ts", import.meta.url), { type: "module" });
  let late = 0;
  const solved = new Promise<number | null>((resolve, reject) => {
    late = window.setTimeout(() => resolve(null), SOLVE_WITHIN_MS);
    thread.addEventListener("message", ({ data }: MessageEvent<number | null>) => resolve(data));
    thread.addEventListener("error", () => reject(new Error("the thread that solves the challenge has failed")));
    thread.postMessage(challenge);
  });
  return solved.finally(() => {
    clearTimeout(late);
    thread.terminate();
  });
}

/** Defines the worker in which a browser solves a challenge, so that the page goes on. */
import { type Challenge, solveChallenge } from "./solve-challenge.ts";

addEventListener("message", ({ data }: MessageEvent<Challenge>) => postMessage(solveChallenge(data)));

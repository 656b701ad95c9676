/** For tests: tells stories of clusters in a thread of its own, where the test runner does not follow each of their promises. */
import { parentPort, workerData } from "node:worker_threads";
import { STORIES, type Story } from "./test-stories.ts";

/** Of every `step` seeds from the first one on. */
export type StoryWork = { readonly story: Story; readonly first: number; readonly last: number; readonly step: number };

const { story, first, last, step }: StoryWork = workerData;
const failed: string[] = [];
for (let seed = first; seed <= last; seed += step)
  await STORIES[story](seed).catch((error: unknown) => failed.push(`seed ${seed}: ${String(error)}`));
parentPort?.postMessage(failed);

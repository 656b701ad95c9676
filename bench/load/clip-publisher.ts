/** Publishes the clip in real time in a loop with ffmpeg, and logs the time of each tag as the reference for delays. */
import { type ChildProcess, spawn } from "node:child_process";
import { CLIENT_CORE, start, stop } from "../testbed/child-process.ts";

export type Publisher = { readonly stop: () => Promise<void> };

/** @param log file for the times of tags; null: no log */
export function publishClip(clip: string, url: string, flvload: string, log: string | null): Publisher {
  const input = ["ffmpeg", "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", clip, "-c", "copy"];
  if (log === null) {
    const child = start([...input, "-f", "flv", url], { core: CLIENT_CORE });
    return { stop: () => stop(child) };
  }
  const tee = ["-map", "0", "-flush_packets", "1", "-f", "tee", `[f=flv:onfail=ignore]${url}|[f=flv]pipe:1`];
  const child = start([...input, ...tee], { core: CLIENT_CORE, stdio: ["ignore", "pipe", "ignore"] });
  const logger: ChildProcess = spawn("taskset", ["-c", String(CLIENT_CORE), flvload, "-I", "-T", log], {
    stdio: [child.stdout, "ignore", "ignore"],
  });
  return {
    stop: async () => {
      await stop(child);
      await stop(logger);
    },
  };
}

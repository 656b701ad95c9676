/**
 * Provides the engine that is a program of the operator's: it gets sound on its standard input and writes lines of JSON (docs/captions.md). It runs in a
 * process group of its own, behind everything else on the machine, with no other descriptors than these, and without the server's environment.
 */
import { Malformed } from "@lectern/media";
import { startBackgroundGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import type { CaptionEngine, EngineEvents } from "./caption-engine.ts";
import { EngineLines } from "./engine-line.ts";

/** After the end of the sound, a program has so long to say what it heard. */
const FINISH_MS = 10_000;
const MAX_DETAIL = 400;
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** Secrets of the server stand in its environment. */
const ENVIRONMENT = ["-i", `PATH=${PATH}`, "LANG=C.UTF-8", "HOME=/nonexistent"];

export function startCommandEngine(command: readonly string[], events: EngineEvents): CaptionEngine {
  const group = startBackgroundGroup("env", [...ENVIRONMENT, ...command]);
  const lines = new EngineLines();
  const stderr = stderrTail(group);
  let over = false;
  let finishing: NodeJS.Timeout | null = null;
  const close = (): void => {
    over = true;
    if (finishing) clearTimeout(finishing);
    group.kill();
  };
  const end = (detail: string | null): void => {
    if (over) return;
    close();
    events.onEnd(detail === null ? null : { code: "program-failed", detail: detail.slice(-MAX_DETAIL) });
  };
  group.stdout.on("data", (bytes: Buffer) => {
    if (over) return;
    const read = lines.push(bytes);
    if (read instanceof Malformed) return end(read.rule);
    for (const line of read) if (!over) events.onLine(line);
  });
  group.stdin.on("drain", () => !over && events.onDrain());
  void group.exited.then(({ code, failure }) => {
    const isWhole = finishing !== null && code === 0;
    end(isWhole ? null : stderr().trim() || (failure ?? `it ended with the exit code ${code}`));
  });
  return {
    write: (sound) => over || group.stdin.write(sound),
    finish: () => {
      if (over || finishing) return;
      group.stdin.end();
      finishing = setTimeout(() => end(null), FINISH_MS);
      finishing.unref();
    },
    close,
    pid: () => group.pid,
  };
}

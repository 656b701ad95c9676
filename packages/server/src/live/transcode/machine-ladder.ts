/** Chooses the ladder of streams where the configuration leaves it to the machine: a data saver where there are cores for it. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import type { LadderName } from "../../platform/config/schema.ts";

/** A data saver of 1080p takes up to half a core while somebody watches it. Streams, pages and the database have two. */
export const CORES_FOR_SAVER = 4;

export type Machine = { readonly cores: number; readonly hasFfmpeg: boolean };

export function machineLadder({ cores, hasFfmpeg }: Machine): LadderName {
  return hasFfmpeg && cores >= CORES_FOR_SAVER ? "data-saver" : "none";
}

/** Cores that this process may use, which a container can limit, and whether an encoder is there. */
export async function thisMachine(): Promise<Machine> {
  return { cores: availableParallelism(), hasFfmpeg: await hasFfmpeg() };
}

/** Whether ffmpeg can be found. */
export async function hasFfmpeg(): Promise<boolean> {
  const found = (process.env["PATH"] ?? "").split(delimiter).map(async (folder) => {
    await access(join(folder, "ffmpeg"), constants.X_OK);
  });
  return await Promise.any(found).then(
    () => true,
    () => false,
  );
}

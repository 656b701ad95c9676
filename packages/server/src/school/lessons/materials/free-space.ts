/** Keeps space of the disk from uploads. */
import { RefusalError } from "../../../platform/api/server.ts";
import type { MaterialStore } from "./material-store.ts";

/** The disk keeps so much for recordings. */
const LEAST_FREE_BYTES = 200_000_000;

/** @param bytes that are to be stored, with those that others were promised @throws RefusalError disk-full */
export async function checkFreeSpace(materials: Pick<MaterialStore, "freeBytes">, bytes: number): Promise<void> {
  const free = await materials.freeBytes();
  if (free !== null && free - bytes < LEAST_FREE_BYTES) throw new RefusalError("disk-full");
}

/** Judges the parts that a node depends on: up, degraded or down. */
import { X509Certificate } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ComponentSample } from "../../contracts/monitoring/node-sample.ts";

/** Automatic certificates are renewed a month before they expire. */
const RENEW_DAYS = 14;
const DAY_MS = 86_400_000;
const MAX_DETAIL = 200;
/** systemd-timesyncd's folder, and the file in it that says that the clock was set by a server. */
const TIMESYNC = "/run/systemd/timesync";

/** @param now milliseconds since 1970 */
export async function certificateComponent(name: string, path: string, now: number): Promise<ComponentSample> {
  try {
    const days = (Date.parse(new X509Certificate(await readFile(path)).validTo) - now) / DAY_MS;
    const detail = days < 0 ? "It has expired." : days < RENEW_DAYS ? `It expires in ${Math.ceil(days)} days.` : "";
    return { name, state: days < 0 ? "down" : days < RENEW_DAYS ? "degraded" : "up", latencyMs: null, detail };
  } catch (error) {
    return { name, state: "down", latencyMs: null, detail: String(error).slice(0, MAX_DETAIL) };
  }
}

/** The clock of a machine that has no other node to compare it with; null: nothing is known of it. */
export async function ownClockComponent(): Promise<ComponentSample | null> {
  const exists = (path: string) => access(path).then(...YES_OR_NO);
  if (!(await exists(TIMESYNC))) return null;
  return (await exists(join(TIMESYNC, "synchronized")))
    ? { name: "clock", state: "up", latencyMs: null, detail: "" }
    : { name: "clock", state: "degraded", latencyMs: null, detail: "No time server has set it." };
}

const YES_OR_NO = [() => true, () => false] as const;

/** Measures what this device's connection carries to the server, when the teacher asks for it. */
import type { Lesson } from "@lectern/client";
import { measureUplink, UplinkError } from "@lectern/publisher";
import { useState } from "react";
import type { Uplink } from "../devices/uplink-words.ts";
import { streamAddress } from "./stream-address.ts";

export type Measurement =
  | { readonly status: "none" | "running" }
  | { readonly status: "done"; readonly uplink: Uplink }
  | { readonly status: "failed"; readonly code: string };

export type MeasuredUplink = { readonly measurement: Measurement; readonly measure: () => void };

export function useMeasuredUplink(access: Lesson["stream"]): MeasuredUplink {
  const [measurement, setMeasurement] = useState<Measurement>({ status: "none" });
  const run = async (): Promise<void> => {
    if (!access) return;
    setMeasurement({ status: "running" });
    try {
      const { kbps, rttMs } = await measureUplink(streamAddress(access), access.publishKey);
      setMeasurement({ status: "done", uplink: { kbps, rttMs } });
    } catch (error) {
      setMeasurement({ status: "failed", code: error instanceof UplinkError ? error.code : "failed" });
    }
  };
  return { measurement, measure: () => void run() };
}

/** What was measured; null before. */
export function uplinkOf({ measurement }: MeasuredUplink): Uplink | null {
  return measurement.status === "done" ? measurement.uplink : null;
}

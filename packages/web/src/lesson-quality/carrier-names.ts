/** Defines the names of carriers that the server knows by a word (`platform/geoip/carriers.ts` there). */
import type { Messages } from "../language.ts";
import en from "./carrier-names.en.json" with { type: "json" };
import zh from "./carrier-names.zh-CN.json" with { type: "json" };

export const CARRIER_NAMES: Messages<typeof en> = { en, "zh-CN": zh };

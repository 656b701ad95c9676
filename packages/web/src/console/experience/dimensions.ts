/** Defines what divides viewers, and how the pages name it. */
import { useTranslation } from "../../texts/use-translation.ts";

export const DIMENSIONS = ["node", "carrier", "region", "engine", "device"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** In the page's address, where an empty filter is none. */
const UNKNOWN = "-";

/** What is not known has an empty name. */
export function filterOf(name: string): string {
  return name === "" ? UNKNOWN : name;
}

/** Protocols have the same name in every language. */
const ENGINES: Readonly<Record<string, string>> = { flv: "HTTP-FLV", ws: "WebSocket-FLV", hls: "HLS", whep: "WebRTC" };

/** Undefined: no filter. */
export function nameOfFilter(filter: string): string | undefined {
  if (filter === "") return undefined;
  return filter === UNKNOWN ? "" : filter;
}

/** Nodes, carriers and regions have names; devices are words of the page. */
export function useDimensionNames(): (dimension: Dimension, name: string) => string {
  const { t } = useTranslation();
  return (dimension, name) => {
    if (name === "") return t("experience.unknown");
    if (dimension === "engine") return name === "native" ? t("experience.nativeEngine") : (ENGINES[name] ?? name);
    return dimension === "device" ? t(`experience.devices.${name}`, { defaultValue: name }) : name;
  };
}

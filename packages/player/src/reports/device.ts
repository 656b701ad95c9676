/** Defines what kind of device and network a viewer has, as coarse as an analysis needs it. */

export type Device = {
  readonly class: "phone" | "tablet" | "desktop" | "tv" | "unknown";
  readonly os?: string;
  readonly browser?: string;
  readonly cores?: number;
};
export type Network = {
  readonly type: "wifi" | "ethernet" | "cellular" | "unknown";
  readonly downlinkKbps?: number;
  readonly rttMs?: number;
};

const TELEVISION = /\b(?:smart-?tv|smarttv|googletv|appletv|hbbtv|tizen|web0s|webos|bravia|aft[a-z]\b)/i;
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/tizen/i, "Tizen"],
  [/web0s|webos/i, "webOS"],
  [/harmonyos|openharmony/i, "HarmonyOS"],
  [/android/i, "Android"],
  [/iphone|ipad|ipod/i, "iOS"],
  [/windows/i, "Windows"],
  [/cros/i, "ChromeOS"],
  [/mac os x|macintosh/i, "macOS"],
  [/linux/i, "Linux"],
];
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/micromessenger/i, "WeChat"],
  [/dingtalk/i, "DingTalk"],
  [/edg(?:e|a|ios)?\//i, "Edge"],
  [/qqbrowser/i, "QQBrowser"],
  [/ucbrowser/i, "UCBrowser"],
  [/firefox|fxios/i, "Firefox"],
  [/samsungbrowser/i, "Samsung"],
  [/chrome|crios|chromium/i, "Chrome"],
  [/safari/i, "Safari"],
];

/** @param touches points that the screen tells apart: an iPad says that it is a Macintosh */
export function describeDevice(agent: string, touches: number, cores?: number): Device {
  const isTablet = /ipad|tablet/i.test(agent) || (/android/i.test(agent) && !/mobile/i.test(agent));
  const isPad = /macintosh/i.test(agent) && touches > 1;
  const kind = TELEVISION.test(agent)
    ? "tv"
    : isTablet || isPad
      ? "tablet"
      : /mobi|iphone|ipod/i.test(agent)
        ? "phone"
        : agent === ""
          ? "unknown"
          : "desktop";
  const os = isPad ? "iOS" : firstOf(SYSTEMS, agent);
  const browser = firstOf(BROWSERS, agent);
  return {
    class: kind,
    ...(os === undefined ? {} : { os }),
    ...(browser === undefined ? {} : { browser }),
    ...(cores === undefined ? {} : { cores }),
  };
}

function firstOf(names: readonly (readonly [RegExp, string])[], agent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(agent))?.[1];
}

/** The Network Information API, where a browser has it. */
export function describeNetwork(connection: unknown): Network {
  if (typeof connection !== "object" || connection === null) return { type: "unknown" };
  const read = (name: string): unknown => Reflect.get(connection, name);
  const [type, downlink, rtt] = [read("type"), read("downlink"), read("rtt")];
  return {
    type: type === "wifi" || type === "ethernet" || type === "cellular" ? type : "unknown",
    ...(typeof downlink === "number" && downlink >= 0 ? { downlinkKbps: Math.round(downlink * 1000) } : {}),
    ...(typeof rtt === "number" && rtt >= 0 ? { rttMs: Math.round(rtt) } : {}),
  };
}

/** Names the kind of device and the browser of a `User-Agent` for teachers, who see whether somebody was there by phone. Nothing finer is stored. */

const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/MicroMessenger/, "WeChat"],
  [/DingTalk/, "DingTalk"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

/** For example `phone, Chrome`; empty where the program says nothing of itself. */
export function deviceOf(agent: string): string {
  if (agent.trim() === "") return "";
  const browser = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1] ?? "other";
  return `${kindOf(agent)}, ${browser}`;
}

function kindOf(agent: string): string {
  if (/iPad|Tablet|(Android(?!.*Mobile))/.test(agent)) return /TV|AFT[A-Z]/.test(agent) ? "television" : "tablet";
  if (/Mobi|iPhone|Android/.test(agent)) return "phone";
  if (/\bTV\b|SmartTV|SMART-TV|Tizen|Web0S|WebOS/.test(agent)) return "television";
  if (/Windows|Macintosh|Linux|CrOS|X11/.test(agent)) return "computer";
  return "other";
}

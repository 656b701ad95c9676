/** Names the kind of device and the browser of a `User-Agent`: for teachers, who see whether somebody was there by phone, and in notices of sign-ins. Nothing finer is stored. */

const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/MicroMessenger/, "WeChat"],
  [/DingTalk/, "DingTalk"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

type Kind = "phone" | "tablet" | "television" | "computer" | "other";
const KIND_WORDS: Readonly<Record<Kind, readonly [english: string, chinese: string]>> = {
  phone: ["a phone", "手机"],
  tablet: ["a tablet", "平板"],
  television: ["a television", "电视"],
  computer: ["a computer", "电脑"],
  other: ["another device", "其他设备"],
};

/** For example `phone, Chrome`; empty where the program says nothing of itself. */
export function deviceOf(agent: string): string {
  if (agent.trim() === "") return "";
  return `${kindOf(agent)}, ${browserOf(agent) ?? "other"}`;
}

/** For people to read, in English and Chinese: `Chrome on a phone`. */
export function deviceInWords(agent: string): readonly [english: string, chinese: string] {
  const browser = browserOf(agent);
  if (browser === null) return ["a program that is not a known browser", "未知程序"];
  const [english, chinese] = KIND_WORDS[kindOf(agent)];
  return [`${browser} on ${english}`, `${chinese}上的 ${browser}`];
}

function browserOf(agent: string): string | null {
  return BROWSERS.find(([pattern]) => pattern.test(agent))?.[1] ?? null;
}

function kindOf(agent: string): Kind {
  if (/iPad|Tablet|(Android(?!.*Mobile))/.test(agent)) return /TV|AFT[A-Z]/.test(agent) ? "television" : "tablet";
  if (/Mobi|iPhone|Android/.test(agent)) return "phone";
  if (/\bTV\b|SmartTV|SMART-TV|Tizen|Web0S|WebOS/.test(agent)) return "television";
  if (/Windows|Macintosh|Linux|CrOS|X11/.test(agent)) return "computer";
  return "other";
}

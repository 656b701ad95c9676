/** Says a verdict and its reasons in words that a teacher understands, in English and Chinese. */
import type { Language } from "../../../platform/messages/language.ts";
import { defineMessages, type Message, textIn } from "../../../platform/messages/message.ts";
import type { FaultLocation, Reason } from "./verdict.ts";

const diagnosisText = defineMessages("why", {
  "place-uplink": {
    en: "The trouble began at the teacher's side: the picture did not come to the server as it should.",
    zh: "问题出在老师端：画面没有正常传到服务器。",
  },
  "place-origin": {
    en: "The trouble was in the server that takes the lesson in: it did not come to its work in time.",
    zh: "问题出在接收课程的源站服务器：它来不及处理。",
  },
  "place-link": {
    en: "The trouble was on the line between two servers of the platform.",
    zh: "问题出在平台两台服务器之间的线路上。",
  },
  "place-edge": {
    en: "The trouble was in the server that the viewer watched at.",
    zh: "问题出在观众所连接的边缘服务器上。",
  },
  "place-viewer-line": {
    en: "The trouble was the viewer's own internet connection.",
    zh: "问题出在观众自己的网络。",
  },
  "place-viewer-device": {
    en: "The viewer's device was too slow, or busy with something else. The picture arrived in time.",
    zh: "观众的设备性能不足或正忙于其他任务，画面已按时送达。",
  },
  "place-none": { en: "There was no trouble to explain.", zh: "没有发现需要解释的问题。" },
  "do-uplink": {
    en: "Use a cable instead of Wi-Fi, close other programs on the teacher's computer, or choose a lower bitrate in the encoder.",
    zh: "请改用有线网络、关闭老师电脑上的其他程序，或在推流软件中调低码率。",
  },
  "do-origin": { en: "Tell the operator: this server is overloaded.", zh: "请联系运维人员：该服务器负载过高。" },
  "do-link": { en: "Tell the operator: this line between servers is poor.", zh: "请联系运维人员：服务器之间的这条线路质量差。" },
  "do-edge": {
    en: "Tell the operator: this server has too many viewers, or is overloaded.",
    zh: "请联系运维人员：该服务器观众过多或负载过高。",
  },
  "do-viewer-line": {
    en: "The viewer can move closer to the Wi-Fi router, stop downloads, or choose a lower quality in the player.",
    zh: "建议观众靠近路由器、暂停下载，或在播放器中选择较低清晰度。",
  },
  "do-viewer-device": {
    en: "The viewer can close other programs and tabs, choose a lower quality, or use another device.",
    zh: "建议观众关闭其他程序和标签页、选择较低清晰度，或换一台设备。",
  },
  "do-none": { en: "Nothing needs to be done.", zh: "无需处理。" },
  stalled: { en: "Video was frozen for {{ms}} in all.", zh: "画面累计停顿 {{ms}}。" },
  choppy: { en: "{{share}} of the frames were missing.", zh: "缺少 {{share}} 的画面帧。" },
  reconnected: {
    en: { one: "The player had to reconnect {{count}} time.", other: "The player had to reconnect {{count}} times." },
    zh: "播放器重连 {{count}} 次。",
  },
  "no-trouble": { en: "The picture moved all the time.", zh: "画面一直流畅。" },
  "no-session": {
    en: "This viewer's player told nothing: a picture never came, or the page could not reach the server.",
    zh: "该观众的播放器没有上报任何信息：画面从未出现，或页面无法连接服务器。",
  },
  "others-too": {
    en: "{{affected}} of {{viewers}} other viewers had trouble at the same time.",
    zh: "同一时间，其他 {{viewers}} 位观众中有 {{affected}} 位也遇到问题。",
  },
  "nobody-else": {
    en: { one: "{{count}} other viewer had no trouble.", other: "{{count}} other viewers had no trouble." },
    zh: "其他 {{count}} 位观众均正常。",
  },
  "uplink-silent": { en: "Nothing came from the encoder for a while.", zh: "推流端有一段时间没有数据。" },
  "uplink-jitter": {
    en: "The picture came from the encoder unsteadily, by up to {{jitter}}.",
    zh: "推流到达不均匀，抖动达 {{jitter}}。",
  },
  "uplink-narrow": { en: "The encoder's upload bandwidth is too low.", zh: "推流端上行带宽不足。" },
  "frames-dropped": { en: "The encoder left out up to {{dropped}} of its frames.", zh: "推流端最多丢弃 {{dropped}} 的画面帧。" },
  "frame-rate-low": {
    en: "Only {{fps}} frames a second came from the encoder, instead of {{usual}}.",
    zh: "推流帧率降至每秒 {{fps}} 帧（平时 {{usual}} 帧）。",
  },
  "clock-drifts": { en: "The encoder's clock runs at another speed.", zh: "推流端时钟漂移。" },
  "sound-apart": { en: "Sound and picture come apart from the encoder.", zh: "推流的声音与画面不同步。" },
  "key-frames-rare": { en: "The encoder sends key frames too seldom.", zh: "推流端关键帧间隔过长。" },
  "picture-undecodable": { en: "The encoder sent a picture that no player can decode.", zh: "推流端发送的画面无法解码。" },
  "sound-undecodable": { en: "The encoder sent sound that no player can decode.", zh: "推流端发送的声音无法解码。" },
  held: { en: "The server {{of}} stood still for {{ms}}.", zh: "服务器 {{of}} 停顿 {{ms}}。" },
  stolen: {
    en: "{{share}} of the processor time of {{of}} was given to others.",
    zh: "服务器 {{of}} 有 {{share}} 的处理器时间被占用。",
  },
  "processors-full": {
    en: "The processors of {{of}} were in use to {{share}}: what came from the encoder was read late.",
    zh: "服务器 {{of}} 的处理器占用达 {{share}}，推流数据读取延迟。",
  },
  "link-loss": { en: "{{share}} of the packets on the line {{of}} were lost.", zh: "线路 {{of}} 丢包 {{share}}。" },
  "link-delay": { en: "The round trip on the line {{of}} rose to {{ms}}.", zh: "线路 {{of}} 的往返时延升至 {{ms}}。" },
  "link-late": { en: "For {{ms}}, nothing came over the line {{of}}.", zh: "线路 {{of}} 有 {{ms}} 没有数据。" },
  "egress-full": { en: "The server {{of}} used {{share}} of its bandwidth.", zh: "服务器 {{of}} 的出口带宽占用 {{share}}。" },
  retransmitted: {
    en: "The server {{of}} had to send {{share}} of its packets again.",
    zh: "服务器 {{of}} 重传 {{share}} 的数据包。",
  },
  "line-slow": {
    en: "The viewer's line brought {{kbps}} kbit/s; the picture needs {{needed}}.",
    zh: "观众网络速度为 {{kbps}} kbit/s，而画面需要 {{needed}} kbit/s。",
  },
  "buffer-empty": { en: "The player had to wait for the picture.", zh: "播放器在等待画面数据。" },
  "frames-not-shown": {
    en: "The device did not show {{share}} of the frames that it had.",
    zh: "设备未能显示 {{share}} 的画面帧。",
  },
  "page-held": { en: "The browser was busy for {{share}} of the time.", zh: "浏览器有 {{share}} 的时间处于繁忙状态。" },
  "buffer-full": {
    en: "Video was frozen for {{ms}} although it had arrived.",
    zh: "画面数据已经到达，但仍然停顿了 {{ms}}。",
  },
  "by-exclusion": {
    en: "Nothing was measured that explains it; this is the likeliest that remains.",
    zh: "没有测到直接原因，这是排除其他原因后最可能的结果。",
  },
});

export function faultLocationText(language: Language, place: FaultLocation): { readonly summary: string; readonly advice: string } {
  return { summary: textIn(language, diagnosisText(`place-${place}`)), advice: textIn(language, diagnosisText(`do-${place}`)) };
}

export function reasonText(language: Language, reason: Reason): string {
  return textIn(language, messageOf(language, reason));
}

function messageOf(language: Language, { code, of, figures }: Reason): Message {
  const ms = duration(language, figures["ms"]);
  const share = percent(figures["share"]);
  const at = of ?? "";
  switch (code) {
    case "stalled":
    case "buffer-full":
      return diagnosisText(code, { ms });
    case "choppy":
    case "frames-not-shown":
    case "page-held":
      return diagnosisText(code, { share });
    case "reconnected":
      return diagnosisText(code, { count: figures["times"] ?? 0 });
    case "others-too":
      return diagnosisText(code, { affected: figures["affected"] ?? 0, viewers: figures["viewers"] ?? 0 });
    case "nobody-else":
      return diagnosisText(code, { count: figures["viewers"] ?? 0 });
    case "uplink-jitter":
      return diagnosisText(code, { jitter: duration(language, figures["jitter"]) });
    case "frames-dropped":
      return diagnosisText(code, { dropped: percent(figures["dropped"]) });
    case "frame-rate-low":
      return diagnosisText(code, { fps: rounded(figures["fps"]), usual: rounded(figures["usual"]) });
    case "held":
    case "link-delay":
    case "link-late":
      return diagnosisText(code, { of: at, ms });
    case "stolen":
    case "processors-full":
    case "link-loss":
    case "egress-full":
    case "retransmitted":
      return diagnosisText(code, { of: at, share });
    case "line-slow":
      return diagnosisText(code, { kbps: rounded(figures["kbps"]), needed: rounded(figures["needed"]) });
    default:
      return diagnosisText(code);
  }
}

const LOCALES = { en: "en-GB", zh: "zh-CN" } as const;
/** As the pages write them. */
const UNITS = { en: { s: "s", ms: "ms" }, zh: { s: "秒", ms: "毫秒" } } as const;

function duration(language: Language, ms: number | undefined): string {
  const [value, unit] = (ms ?? 0) >= 1000 ? [(ms ?? 0) / 1000, "s" as const] : [ms ?? 0, "ms" as const];
  const digits = unit === "s" && value < 100 ? 1 : 0;
  return `${new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value)} ${UNITS[language][unit]}`;
}

function percent(share: number | undefined): string {
  return `${rounded((share ?? 0) * 100)} %`;
}

function rounded(value: number | undefined): number {
  return Math.round((value ?? 0) * ((value ?? 0) < 10 ? 10 : 1)) / ((value ?? 0) < 10 ? 10 : 1);
}

/** Names of alarms and of what is measured, in English and Chinese, for the messages of channels. */
import type { Language } from "../../../platform/messages/language.ts";
import type { AlarmCode, Severity } from "../../foundation/store/alarm-codes.ts";

type Named = Readonly<Record<Language, string>>;

export const alarmNames: Readonly<Record<AlarmCode, Named>> = {
  "recording-stopped": { en: "Recording stopped", zh: "录制已中断" },
  "storage-away": { en: "Storage unreachable", zh: "存储无法访问" },
  "quota-reached": { en: "Storage quota used up", zh: "存储配额已用完" },
  "node-gone": { en: "Node unreachable", zh: "节点失联" },
  "clock-skew": { en: "Clock out of sync", zh: "时钟不同步" },
  "rung-dropped": { en: "Quality given up", zh: "某档清晰度已停止" },
  "ladder-refused": { en: "No room for qualities", zh: "没有资源转码" },
  "ladder-failed": { en: "Encoder failing", zh: "编码器反复失败" },
  "source-away": { en: "Source not reachable", zh: "拉流源无响应" },
  "forward-away": { en: "Forward failing", zh: "转推失败" },
  "publish-refused": { en: "Publisher refused again and again", zh: "推流反复被拒绝" },
  "processors-busy": { en: "Processors busy", zh: "处理器繁忙" },
  "processors-stolen": { en: "Processors taken by other machines", zh: "处理器被其他虚拟机占用" },
  "memory-full": { en: "Memory nearly full", zh: "内存即将用完" },
  "disk-filling": { en: "Disk filling up", zh: "磁盘空间不足" },
  "disk-full": { en: "Disk nearly full", zh: "磁盘即将写满" },
  "files-open": { en: "Too many open files", zh: "打开的文件过多" },
  "process-held": { en: "Process held up", zh: "进程停顿" },
  "exit-full": { en: "Exit bandwidth nearly full", zh: "出口带宽即将用满" },
  "exit-lossy": { en: "Many retransmissions", zh: "重传过多" },
  "link-lossy": { en: "Link loses packets", zh: "链路丢包" },
  "link-slow": { en: "Link is slow", zh: "链路时延高" },
  "relay-behind": { en: "Relayed stream is behind", zh: "回源的流落后" },
  "uplink-poor": { en: "Uplink poor", zh: "推流质量差" },
  "uplink-drops-frames": { en: "Uplink drops frames", zh: "推流丢帧" },
  "uplink-unsteady": { en: "Uplink unsteady", zh: "推流不稳" },
  "key-frames-rare": { en: "Key frames rare", zh: "关键帧间隔过长" },
  "component-impaired": { en: "Component impaired", zh: "组件受影响" },
  "component-down": { en: "Component down", zh: "组件故障" },
  "lesson-stalls": { en: "Lesson stalls for viewers", zh: "课程播放卡顿" },
  "lesson-starts-slowly": { en: "Lesson starts slowly for viewers", zh: "课程首帧过慢" },
  "lesson-complaints": { en: "Viewers of a lesson complain", zh: "课程收到多次反馈" },
  "platform-stalls": { en: "Stalls on the whole platform", zh: "全平台播放卡顿" },
  "probe-failed": { en: "Probe failed", zh: "拨测失败" },
  "probe-starts-slowly": { en: "Probe waits long for the picture", zh: "拨测首帧过慢" },
  "probe-stalls": { en: "Probe sees stalls", zh: "拨测发现卡顿" },
  rule: { en: "Own rule", zh: "自定义规则" },
};

export const severityNames: Readonly<Record<Severity, Named>> = {
  info: { en: "Notice", zh: "提示" },
  warning: { en: "Warning", zh: "警告" },
  critical: { en: "Critical", zh: "严重" },
};

/** How values of a metric are written. */
type Unit = "share" | "ms" | "Mbit/s" | "kbit/s" | "fps" | "s" | "";

/** Metrics of rules, as the series name them. Other metrics are named as they are. */
const METRICS: Readonly<Record<string, readonly [en: string, zh: string, unit: Unit]>> = {
  cpu: ["processors in use", "处理器占用", "share"],
  stolen: ["processors taken by others", "被占用的处理器", "share"],
  memory: ["memory in use", "内存占用", "share"],
  disk: ["disk in use", "磁盘占用", "share"],
  descriptors: ["open files", "打开的文件", "share"],
  hold_ms: ["longest hold", "最长停顿", "ms"],
  egress: ["exit bandwidth in use", "出口带宽占用", "share"],
  retransmitted: ["sent again", "重传", "share"],
  received_mbps: ["received", "接收", "Mbit/s"],
  sent_mbps: ["sent", "发送", "Mbit/s"],
  mbps: ["received", "接收", "Mbit/s"],
  kbps: ["received", "接收", "kbit/s"],
  connections: ["connections", "连接", ""],
  viewers: ["viewers", "观众", ""],
  rtt_ms: ["round trip", "往返时延", "ms"],
  jitter_ms: ["jitter", "抖动", "ms"],
  loss: ["lost", "丢包", "share"],
  age_ms: ["age of the newest message", "最新消息的时延", "ms"],
  fps: ["frames a second", "帧率", "fps"],
  dropped_share: ["dropped frames", "丢帧", "share"],
  gop_seconds: ["distance of key frames", "关键帧间隔", "s"],
  drift_ms: ["drift a minute", "每分钟漂移", "ms"],
  av_offset_ms: ["sound after picture", "声音落后画面", "ms"],
  stall_ratio: ["time stalled", "卡顿占比", "share"],
  first_frame_ms: ["first picture", "首帧时间", "ms"],
  complaints: ["complaints", "反馈", ""],
  latency_ms: ["latency", "时延", "ms"],
};

/** A value of a metric in words: `exit bandwidth in use 96 %`. Metrics that are an index, such as `state`, have none. */
export function measuredText(language: Language, metric: string, value: number): string {
  const known = METRICS[metric];
  if (!known) return metric.startsWith("process_cpu_") ? `${metric} ${rounded(value)}` : "";
  const [en, zh, unit] = known;
  return `${language === "en" ? en : zh} ${valueText(value, unit)}`;
}

function valueText(value: number, unit: Unit): string {
  if (unit === "share") return `${rounded(value * 100)} %`;
  return unit === "" ? rounded(value) : `${rounded(value)} ${unit}`;
}

/** Three digits are enough for a message. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

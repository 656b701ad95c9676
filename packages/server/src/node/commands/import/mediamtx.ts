/** Says what the settings of MediaMTX become: those of its mediamtx.yml (https://mediamtx.org/docs/references/configuration-file). */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Dialect } from "./apply-rules.ts";
import { type Directive, UnreadableConfig } from "./directive.ts";
import { always, elsewhere, none, port, type Rule, readDuration, readPort, silent, valuesOf, wholeSeconds } from "./rule.ts";

const OWN_PORT = "all of HTTP is on http.port: /live/NAME.flv, .m3u8, /whip and /whep, the API and /metrics";
const LOGS = "Lectern writes its log to stdout; systemd or the container keeps it, LECTERN_LOG_LEVEL says how much";
const COMMANDS = "events go out by callbacks and webhooks, not by commands: callbacks.md";
const AS_MEASURED = "Lectern bounds what it reads and keeps by itself";
const RTSP = "Lectern is no RTSP server; a camera is fetched as a source: sources.md";

const milliseconds = ({ values: [text = ""] }: Directive) => readDuration(text, "s") ?? text;

const rules: readonly Rule[] = [
  { from: "rtmpAddress", to: "rtmp.port", convert: port },
  { from: "rtmpsAddress", to: "rtmp.tls", convert: (own, all) => tls(own, all, "rtmp") },
  { from: "hlsAddress", to: "http.port", convert: port, say: OWN_PORT },
  { from: "hlsEncryption", to: "http.tls", convert: ({ values: [text] }, all) => (isYes(text) ? tls(null, all, "hls") : null) },
  { from: "hlsSegmentCount", to: "hls.windowSegments" },
  { from: "hlsSegmentDuration", to: "hls.segmentSeconds", convert: (own) => Number(milliseconds(own)) / 1000 },
  { from: "hlsPartDuration", to: "hls.partMs", convert: milliseconds },
  { from: "hlsTrustedProxies", to: "trustedProxies", convert: listed },
  { from: "webrtcTrustedProxies", to: "trustedProxies", convert: listed },
  { from: "apiTrustedProxies", to: "trustedProxies", convert: listed },
  { from: "webrtcLocalUDPAddress", to: "webrtc.port", convert: port },
  { from: "webrtcAdditionalHosts", to: "webrtc.publicAddresses", convert: listed },
  {
    from: "webrtcICEServers2.url",
    to: "webrtc.turn.urls",
    convert: ({ values }) => values,
    say: "webrtc.turn.secret is coturn's static-auth-secret: webrtc.md",
  },
  { from: "webrtcHandshakeTimeout", to: "webrtc.connectSeconds", convert: wholeSeconds() },
  { from: "srtAddress", to: "srt.port", convert: port },
  { from: "pathDefaults.record", to: "recording.auto", convert: ({ values: [text] }) => (isYes(text) ? "pushed" : null) },
  { from: "pathDefaults.recordSegmentDuration", to: "recording.maxSegmentSeconds", convert: wholeSeconds() },
  { from: "pathDefaults.recordDeleteAfter", to: "recording.retainDays", convert: days },
  { from: "pathDefaults.sourceOnDemandCloseAfter", to: "sources.idleSeconds", convert: wholeSeconds() },
  { from: "pathDefaults.srtPublishPassphrase", to: "srt.passphrase", convert: text },
  { from: "pathDefaults.srtReadPassphrase", to: "srt.passphrase", convert: text },
  {
    from: "authInternalUsers",
    to: "publish.keys",
    isWhole: true,
    convert: keysOf,
    say: "only passwords for publishing one path become keys; who may watch is decided by lessons, rules and signed links: policies.md, links.md",
  },
  elsewhere("authHTTPAddress", "your system is asked by callbacks, in the format of SRS or nginx-rtmp: callbacks.md"),
  elsewhere("authJWTJWKS", "signed links carry a permission: links.md"),
  elsewhere("paths", "a path that is published needs no setting; one that is fetched is a source: sources.md", true),
  always("hlsAllowOrigins", "players of other sites may play: embed.md"),
  always("webrtcAllowOrigins", "players of other sites may play: embed.md"),
  always("hlsVariant", "HLS is of low latency, for players that know it"),
  always("hlsAlwaysRemux", "segments are made while somebody watches"),
  always("hlsMuxerCloseAfter", "segments are made while somebody watches"),
  ...["apiAddress", "metricsAddress", "webrtcAddress", "playbackAddress"].map((name) => always(name, OWN_PORT)),
  always("pathDefaults.sourceOnDemand", "a source is fetched on demand, unless it says otherwise: sources.md"),
  always("pathDefaults.overridePublisher", "another publisher may take over after publish.supersedeAfterSeconds"),
  elsewhere("pathDefaults.maxReaders", "a school, a lesson and a rule have their limits: policies.md"),
  elsewhere("pathDefaults.recordPath", "recordings are below dataDir, or in a bucket (storage.s3): recording.md"),
  none("pathDefaults.recordFormat", "recordings are FLV files, and are downloaded as MP4: recording.md"),
  none("hlsDirectory", "segments are in memory; a CDN fetches them: cdn.md"),
  ...["logLevel", "logDestinations", "logStructured", "logFile", "sysLogPrefix"].map((name) => none(name, LOGS)),
  ...[
    "runOnConnect",
    "runOnDisconnect",
    "pathDefaults.runOnInit",
    "pathDefaults.runOnReady",
    "pathDefaults.runOnDemand",
    "pathDefaults.runOnRead",
  ].map((name) => none(name, COMMANDS)),
  silent("rtmpEncryption"),
  silent("rtmpServerKey"),
  silent("rtmpServerCert"),
  silent("hlsServerKey"),
  silent("hlsServerCert"),
];

/** Each has a switch, and settings whose names begin with it. */
const PROTOCOLS = ["rtsp", "rtmp", "hls", "webrtc", "srt", "api", "metrics", "pprof", "playback"];
/** Beginnings of names whose settings need no rule of their own. */
const FAMILIES: readonly (readonly [beginning: RegExp, say: string])[] = [
  [/^(rtsp|rtp|rtcp|srtp|srtcp|multicast)/, RTSP],
  [/^pathDefaults\.(rtsp|rtp|rpiCamera|mpegts)/, RTSP],
  [/^(pathDefaults\.)?runOn/, COMMANDS],
  [/^(read|write|udp|hlsSegmentMaxSize|webrtc.*Timeout|dump)/, AS_MEASURED],
  [/^(pprof|api|metrics|playback|webrtc|hls|rtmp|srt)/, OWN_PORT],
  [/^auth/, "who may publish and watch: policies.md, links.md"],
  [/^pathDefaults\./, "streams have no settings of their own; lessons, rules and sources have: policies.md, sources.md"],
];

/** The file's maps and lists as directives: a list of maps is a block for each. Protocols that are switched off are left out. @throws UnreadableConfig */
export function readMediaMtx(content: string): readonly Directive[] {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const [mistake] = document.errors;
  if (mistake) throw new UnreadableConfig(mistake.message.split("\n")[0] ?? mistake.message);
  if (!isMap(document.contents)) throw new UnreadableConfig("the file has no settings");
  const all = directivesOf(document.contents, lines);
  const off = PROTOCOLS.filter((protocol) => ["false", "no"].includes(valuesOf(all, protocol)[0] ?? ""));
  return all.filter(({ name }) => !PROTOCOLS.includes(name) && !off.some((protocol) => name.startsWith(protocol)));
}

function directivesOf(node: unknown, lines: LineCounter): readonly Directive[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair): readonly Directive[] => {
    const key = pair.key as Node;
    const name = isScalar(key) ? String(key.value) : String(key);
    const line = lines.linePos(key.range?.[0] ?? 0).line;
    const value = pair.value;
    if (isMap(value)) return [{ name, values: [], line, block: directivesOf(value, lines) }];
    if (isSeq(value) && value.items.some(isMap))
      return value.items.map((item) => ({ name, values: [], line, block: directivesOf(item, lines) }));
    const values = isSeq(value)
      ? value.items.map((item) => String(isScalar(item) ? item.value : item))
      : isScalar(value) && value.value !== null && value.value !== ""
        ? [String(value.value)]
        : [];
    // What says nothing is as it is without it.
    return values.length === 0 ? [] : [{ name, values, line, block: null }];
  });
}

/** The password of a user who may publish one path. `any` has none. */
function keysOf({ block }: Directive): unknown {
  const [password] = valuesOf(block, "pass");
  const [user] = valuesOf(block, "user");
  if (password === undefined || user === "any") return null;
  const paths = (block ?? []).flatMap(({ name, block: permission }) =>
    name === "permissions" && valuesOf(permission, "action")[0] === "publish" ? valuesOf(permission, "path") : [],
  );
  const plain = paths.filter((path) => /^[\w-]+$/.test(path));
  return plain.length === 0 ? null : Object.fromEntries(plain.map((path) => [`live/${path}`, password]));
}

function tls(own: Directive | null, all: readonly Directive[], protocol: "rtmp" | "hls"): unknown {
  if (own && !["optional", "strict"].includes(valuesOf(all, `${protocol}Encryption`)[0] ?? "no")) return null;
  const files = {
    cert: valuesOf(all, `${protocol}ServerCert`)[0] ?? "server.crt",
    key: valuesOf(all, `${protocol}ServerKey`)[0] ?? "server.key",
  };
  return own ? { ...files, port: readPort(own.values[0] ?? "") } : files;
}

function text({ values: [value = ""] }: Directive): string {
  return value;
}

function listed({ values }: Directive): unknown {
  return values.length === 0 ? null : values;
}

/** Whole days; 0 is never, here and there. */
function days({ values: [value = ""] }: Directive): unknown {
  const ms = readDuration(value, "s");
  return ms === null ? value : Math.ceil(ms / 86_400_000);
}

function isYes(value: string | undefined): boolean {
  return value === "true" || value === "yes";
}

export const MEDIAMTX: Dialect = {
  rules,
  isOff: () => false,
  familyOf: (path) => FAMILIES.find(([beginning]) => beginning.test(path))?.[1] ?? null,
};

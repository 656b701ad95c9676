/** Provides rows about programs, places, times, numbers of viewers, encryption and watermarks. */
import { type Door, type Group, HERE, type Rule, rowsOf, rule } from "./row.ts";

const agents = (...names: readonly string[]) => Object.fromEntries(names.map((agent) => [agent, { agent }]));
const at = (...ips: readonly string[]) => Object.fromEntries(ips.map((ip) => [ip, { ip }]));

const PROGRAMS: readonly Group[] = [
  {
    name: "programs that are denied",
    rules: () => [rule("user-agents", { deny: ["evilplayer", "*wget*", "python-requests*x", "(curl)"], empty: "refuse" })],
    allowed: { agent: "VLC" },
    rows: [
      ...rowsOf(
        "in",
        agents(
          "VLC/3.0.20 LibVLC/3.0.20",
          "Lavf/60.3.100",
          "python-requests/2.31",
          "curl/8.5",
          "evil player",
          "w-get",
          "x python-requests",
        ),
      ),
      ...rowsOf(
        "refused-by-rule user-agents",
        agents(
          "EvilPlayer/1",
          "an EVILPLAYER again",
          "Wget/1.21",
          "xWGETx",
          "python-requests/2 x",
          "Mozilla (CURL) 1",
          `evilplayer ${"x".repeat(4000)}`,
        ),
      ),
      ...rowsOf("refused-by-rule user-agents", { "no program": {} }),
      ...rowsOf("in", {
        "of several headers, the first": {
          headers: [
            ["User-Agent", "VLC"],
            ["User-Agent", "evilplayer"],
          ],
        },
      }),
      ...rowsOf("refused-by-rule user-agents", {
        "an empty header": { headers: [["User-Agent", ""]] },
        "only spaces": { headers: [["User-Agent", "   "]] },
      }),
    ],
  },
  {
    name: "programs that are allowed",
    rules: () => [rule("user-agents", { allow: ["SchoolApp/*", "mozilla"] })],
    allowed: { agent: "SchoolApp/1" },
    rows: [
      ...rowsOf("in", { ...agents("SchoolApp/2.1", "the schoolapp/1", "Mozilla/5.0"), "no program": {} }),
      ...rowsOf("refused-by-rule user-agents", agents("School App/1", "VLC/3", "SchoolApp", "Moz illa")),
    ],
  },
];

/** Addresses whose places are known to everybody; places-rules.test.ts has two hundred others. */
const PLACES: readonly Group[] = [
  {
    name: "regions that are allowed",
    rules: () => [rule("regions", { allow: ["中国/广东", "中国/北京市/北京市"], unknown: "refuse" })],
    allowed: { ip: "202.96.134.133" },
    rows: [
      ...rowsOf("in", at("202.96.134.133", "::ffff:202.96.134.133", "202.96.128.86", "166.111.4.100", "202.112.0.36")),
      ...rowsOf(
        "refused-by-rule regions",
        at("202.96.209.133", "8.8.8.8", "2001:4860:4860::8888", HERE, "127.0.0.9", "10.0.0.1", "fd00::1"),
      ),
    ],
  },
  {
    name: "regions that are denied, unknown ones let in",
    rules: () => [rule("regions", { deny: ["美国", "中国/上海"], unknown: "allow" })],
    rows: [
      ...rowsOf("in", at("202.96.134.133", "166.111.4.100", HERE, "10.0.0.1", "240e:0:1::1")),
      ...rowsOf("refused-by-rule regions", at("202.96.209.133", "8.8.8.8", "2607:f8b0:4005::1")),
    ],
  },
  {
    name: "carriers that are allowed",
    rules: () => [rule("carriers", { allow: ["telecom", "education"], unknown: "refuse" })],
    allowed: { ip: "202.96.134.133" },
    rows: [
      ...rowsOf("in", at("202.96.134.133", "166.111.4.100", "240e:0:1::1")),
      ...rowsOf("refused-by-rule carriers", at("221.130.33.52", "8.8.8.8", HERE, "202.106.0.20")),
    ],
  },
  {
    name: "carriers that are denied",
    rules: () => [rule("carriers", { deny: ["mobile"] })],
    rows: [...rowsOf("in", at("202.96.134.133", HERE, "8.8.8.8")), ...rowsOf("refused-by-rule carriers", at("221.130.33.52"))],
  },
];

const today = new Date().getUTCDay() || 7;
const another = (today % 7) + 1;
const closedDay = (another % 7) + 1;
const TIMES: readonly Group[] = [
  {
    name: "a time that is not now",
    rules: () => [rule("times", { timeZone: "UTC", windows: [{ days: [closedDay], from: "00:00", to: "00:01" }] })],
    closed: "refused-by-rule times",
    rows: rowsOf("refused-by-rule times", at(HERE, "127.0.0.5", "2001:db8::1")),
  },
  {
    name: "a time that is now, by another window of the next zone",
    rules: () => [
      rule("times", {
        timeZone: "Asia/Shanghai",
        windows: [
          { days: [closedDay], from: "00:00", to: "00:01" },
          { days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" },
        ],
      }),
    ],
    rows: rowsOf("in", at(HERE, "2001:db8::1")),
  },
  {
    name: "two rules of times, of which one is closed",
    rules: () => [
      rule("times", { timeZone: "UTC", windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" }] }),
      rule("times", { timeZone: "UTC", windows: [{ days: [closedDay], from: "00:00", to: "00:01" }] }),
    ],
    closed: "refused-by-rule times",
    rows: rowsOf("refused-by-rule times", at(HERE)),
  },
];

const CLEAR_DOORS = ["rtmp", "flv", "ws", "rungs", "shifted-flv", "mp4", "replay-flv"] as const satisfies readonly Door[];
const HLS_DOORS: readonly Door[] = [
  ...(["hls", "playlist", "segment", "part", "initialisation", "key", "still", "preview", "shifted", "shifted-playlist"] as const),
  ...([
    "shifted-segment",
    "replay",
    "replay-playlist",
    "replay-segment",
    "replay-initialisation",
    "replay-preview",
    "replay-key",
    "permission",
    "embed",
  ] as const),
];
const FULL = "full viewers";
const SEATLESS: readonly Door[] = ["rungs", "still"];
const SEATED = ["rtmp", "flv", "ws", "hls", "shifted", "shifted-flv"] as const satisfies readonly Door[];

const PROTECTED: readonly Group[] = [
  {
    name: "encryption",
    rules: () => [rule("encryption", { segmentsPerKey: 2 })],
    filesUnderRules: true,
    rows: [
      ...rowsOf("refused-by-rule encryption", at(HERE, "127.0.0.5"), { only: CLEAR_DOORS }),
      ...rowsOf("in", at(HERE, "127.0.0.5"), { only: HLS_DOORS }),
      ...rowsOf("in", at(HERE), { only: ["publish"] }),
    ],
  },
  {
    name: "encryption with a rule about addresses: keys too",
    rules: () => [rule("encryption"), rule("addresses", { deny: ["127.0.0.5"] })],
    filesUnderRules: true,
    rows: [
      ...rowsOf("refused-by-rule addresses", at("127.0.0.5"), { only: HLS_DOORS.filter((door) => door !== "embed") }),
      ...rowsOf("in", at(HERE), { only: HLS_DOORS }),
    ],
  },
  {
    name: "watermark",
    rules: () => [rule("watermark", { shows: "both", opacity: 0.4 })],
    rows: [
      ...rowsOf("refused-by-rule watermark", at(HERE, "127.0.0.5"), { only: ["mp4", "replay-flv"] }),
      ...rowsOf("in", at(HERE), {
        only: ["rtmp", "flv", "ws", "hls", "segment", "shifted", "shifted-segment", "replay", "replay-segment", "still", "rungs"],
      }),
    ],
  },
  {
    name: "one viewer at most, who is there",
    rules: () => [rule("viewers", { most: 1 })],
    holder: { ip: "127.0.0.200" },
    rows: [...rowsOf(FULL, at(HERE, "127.0.0.5", "2001:db8::1"), { only: SEATED }), ...rowsOf("in", at(HERE), { only: SEATLESS })],
  },
];

const deny = (over: Rule) => rule("addresses", { deny: ["127.0.0.2"], ...over });
const LEVELS: readonly Group[] = [
  {
    name: "rules of both levels hold together",
    farther: [deny({})],
    rules: () => [rule("addresses", { deny: ["127.0.0.3"] })],
    rows: [...rowsOf("refused-by-rule addresses", at("127.0.0.2", "127.0.0.3")), ...rowsOf("in", at("127.0.0.4"))],
  },
  {
    name: "a nearer rule replaces a farther one",
    farther: [deny({})],
    rules: () => [rule("addresses", { deny: ["127.0.0.3"], combine: "replace" })],
    rows: [...rowsOf("refused-by-rule addresses", at("127.0.0.3")), ...rowsOf("in", at("127.0.0.2", "127.0.0.4"))],
  },
  {
    name: "a locked rule is not replaced",
    farther: [deny({ locked: true })],
    rules: () => [rule("addresses", { deny: ["127.0.0.3"], combine: "replace" })],
    rows: [...rowsOf("refused-by-rule addresses", at("127.0.0.2", "127.0.0.3")), ...rowsOf("in", at("127.0.0.4"))],
  },
  {
    name: "a rule in dry-run refuses nobody",
    farther: [deny({ mode: "dry-run" })],
    rules: () => [
      rule("referers", { allow: ["school.com"], empty: "refuse", mode: "dry-run" }),
      rule("times", { timeZone: "UTC", windows: [{ days: [closedDay], from: "00:00", to: "00:01" }], mode: "dry-run" }),
    ],
    rows: rowsOf("in", { ...at(HERE, "127.0.0.2", "2001:db8::1"), "a page": { referer: "https://evil.com/" } }),
  },
  {
    name: "a rule for publishers says nothing of viewers",
    farther: [deny({ for: "publish" })],
    rules: () => [rule("referers", { for: "publish", allow: ["school.com"], empty: "refuse" })],
    rows: rowsOf("in", { ...at(HERE, "127.0.0.2"), "a page": { referer: "https://evil.com/" } }),
  },
  {
    name: "of several kinds, the first in their order refuses",
    rules: () => [
      rule("user-agents", { deny: ["old"] }),
      rule("referers", { allow: ["school.com"] }),
      rule("addresses", { deny: ["127.0.0.2"] }),
    ],
    rows: [
      ...rowsOf("refused-by-rule addresses", { all: { ip: "127.0.0.2", referer: "https://evil.com/", agent: "old" } }),
      ...rowsOf("refused-by-rule referers", { two: { referer: "https://evil.com/", agent: "old" } }),
      ...rowsOf("refused-by-rule user-agents", { one: { referer: "https://school.com/", agent: "old" } }),
    ],
  },
];

export const CONTENT_GROUPS: readonly Group[] = [...PROGRAMS, ...PLACES, ...TIMES, ...PROTECTED, ...LEVELS];

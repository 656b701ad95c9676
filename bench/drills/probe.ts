/**
 * Runs a drill: a probe in a namespace of its own watches through a dispatch and an edge, and finds each of eight faults within 30 s. Then it watches
 * a good stream: a minute with --quick, five by default, an hour with --hour, without a false alarm. Needs root and TUN devices.
 */
import { type ChildProcess, execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeCertificate } from "../../e2e/certificate.ts";
import { MAIN } from "../../e2e/program.ts";
import { shiftedClock } from "../../e2e/shifted-clock.ts";
import { LabCluster } from "../netlab/lab-cluster.ts";
import type { LabHost } from "../netlab/network-lab.ts";
import { pause } from "../testbed/child-process.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";

const FOUND_WITHIN_SECONDS = 30;
const GOOD_SECONDS = { quick: 60, normal: 300, hour: 3600 } as const;
const HTTPS_PORT = 8443;
const LINE = { delay: 10, jitter: 5 } as const;
/** A connection, a request and an answer take 3.6 s. */
const SLOW_DELAY = 900;
const PICTURES = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=25"];
const TONE = ["-f", "lavfi", "-i", "sine=f=500:r=48000"];
const CODED = [
  "-c:v",
  "libx264",
  "-preset",
  "ultrafast",
  "-g",
  "50",
  "-bf",
  "0",
  "-b:v",
  "800k",
  "-pix_fmt",
  "yuv420p",
  "-c:a",
  "aac",
];
const CLIPS: Readonly<Record<string, readonly string[]>> = {
  good: [...PICTURES, ...TONE],
  black: ["-f", "lavfi", "-i", "color=black:s=640x360:r=25", ...TONE],
  frozen: [...PICTURES, ...TONE, "-vf", "trim=end_frame=1,loop=loop=-1:size=1"],
  silent: [...PICTURES, "-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono"],
};
/** Answers nothing but its certificate. */
const TLS_SERVER = `
  const { readFileSync } = require("fs");
  const [cert, key] = process.argv.slice(1).map((file) => readFileSync(file));
  require("https").createServer({ cert, key }, (_, response) => response.end()).listen(${HTTPS_PORT}, () => console.log("ready"));
`;

const run = promisify(execFile);

type Seen = {
  readonly verdict: string;
  readonly codes: readonly string[];
  readonly seconds: number;
  readonly stallMs: number;
  readonly firstFrameMs: number | null;
  readonly lateMs: number;
};

export async function probeFaults(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LabCluster();
  try {
    const { lab, directory } = cluster;
    const [origin, edge, viewer] = [lab.addHost("origin"), lab.addHost("edge"), lab.addHost("viewer")];
    lab.connectDirectly(origin, edge);
    lab.connectDirectly(origin, viewer);
    const line = await lab.addLink(edge, viewer, LINE);
    cluster.startNats(origin);
    const node = await cluster.startNode(origin, origin, "origin,control,dispatch");
    await cluster.startNode(edge, origin, "edge");
    await cluster.untilJoined(node);
    for (const [name, inputs] of Object.entries(CLIPS)) {
      const file = join(directory, `${name}.flv`);
      await run("ffmpeg", ["-v", "error", "-y", ...inputs, ...CODED, "-t", "20", file]);
      cluster.publish(origin, file, name);
      await pause(1);
    }
    const watch = (address: string, env = {}) => probe(lab.start.bind(lab), viewer, address, env);
    const at = (host: LabHost, path: string) => `http://${host.address}:8080${path}`;
    const rows: (readonly (string | number)[])[] = [];
    let held = true;
    const finds = async (fault: string, code: string, seen: Promise<Seen>) => {
      const { codes, seconds } = await seen;
      const found = codes.includes(code) && seconds <= FOUND_WITHIN_SECONDS;
      held &&= found;
      rows.push([fault, codes.join(", ") || "none", Number(seconds.toFixed(1)), found ? "yes" : "NO"]);
    };
    // The first viewer at the edge makes it fetch the stream.
    await watch(at(edge, "/live/good.flv"));
    await finds("black picture", "black", watch(at(edge, "/live/black.flv")));
    await finds("frozen picture", "frozen", watch(at(edge, "/live/frozen.m3u8")));
    await finds("silence", "silent", watch(at(origin, "/dispatch/live/silent.flv")));
    await finds("HTTP error", "http-error", watch(at(edge, "/live/nobody.flv")));
    // At a low rate alone, the first key frame of a simple picture is there in time.
    line.setQuality({ rate: 0.5, delay: SLOW_DELAY });
    await finds(`slow first picture: ${SLOW_DELAY} ms each way`, "slow-first-frame", watch(at(edge, "/live/good.flv")));
    line.setQuality({ rate: 0, delay: LINE.delay });
    const stalling = watch(at(edge, "/live/good.flv"));
    await pause(8);
    line.cut();
    await pause(5);
    line.restore();
    await finds("line cut for 5 s", "stalled", stalling);
    line.cut();
    await finds("dispatch points at a node that is not reached", "dispatch-failed", watch(at(origin, "/dispatch/live/good.flv")));
    line.restore();
    const expired = makeCertificate(directory, "origin", shiftedClock("-30d"));
    await ready(
      lab.start(origin, process.execPath, ["-e", TLS_SERVER, expired.cert, expired.key], { stdio: ["ignore", "pipe", "inherit"] }),
    );
    const secure = `https://${origin.address}:${HTTPS_PORT}/live/good.flv`;
    await finds("expired certificate", "certificate-expired", watch(secure, { NODE_EXTRA_CA_CERTS: expired.cert }));
    const good = await watchGood(options, (path) => watch(path.startsWith("/dispatch") ? at(origin, path) : at(edge, path)));
    return {
      drill: "probe",
      broke: "eight faults, and a good stream",
      promise: `each fault is found within ${FOUND_WITHIN_SECONDS} s, and a good stream has none`,
      held: held && good.alarms.length === 0 && good.runs > 0,
      seen: [],
      table: { columns: ["fault", "found", "s", "in time"], rows },
      notes: [
        `good stream: ${good.runs} runs in ${Math.round(good.seconds)} s, ${good.alarms.length} false alarms${good.alarms.map((alarm) => `; ${alarm}`).join("")}, ${good.unsure} unsure`,
        `longest first picture ${good.firstFrameMs} ms, most held ${good.lateMs} ms`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

async function watchGood({ quick, hour }: DrillOptions, watch: (path: string) => Promise<Seen>) {
  const seconds = hour ? GOOD_SECONDS.hour : quick ? GOOD_SECONDS.quick : GOOD_SECONDS.normal;
  const begun = performance.now();
  const sum = { runs: 0, unsure: 0, firstFrameMs: 0, lateMs: 0, alarms: [] as string[] };
  const isOver = () => performance.now() - begun >= seconds * 1000;
  const series = async (path: string) => {
    while (!isOver()) {
      const seen = await watch(path);
      sum.runs++;
      sum.unsure += seen.verdict === "unsure" ? 1 : 0;
      if (seen.verdict === "short") sum.alarms.push(`${path}: ${seen.codes.join(", ")} (${seen.stallMs} ms stalled)`);
      sum.firstFrameMs = Math.max(sum.firstFrameMs, seen.firstFrameMs ?? 0);
      sum.lateMs = Math.max(sum.lateMs, seen.lateMs);
    }
  };
  await Promise.all(["/live/good.m3u8", "/dispatch/live/good.flv"].map(series));
  return { ...sum, seconds: (performance.now() - begun) / 1000 };
}

type Start = (host: LabHost, command: string, args: readonly string[], options: object) => ChildProcess;

async function probe(start: Start, host: LabHost, address: string, env: Readonly<Record<string, string>>): Promise<Seen> {
  const begun = performance.now();
  const child = start(host, process.execPath, [MAIN, "probe", address, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  let out = "";
  child.stdout?.on("data", (text) => {
    out += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const { verdict, faults, stallMs, firstFrameMs, lateMs } = JSON.parse(out) as Seen & {
    readonly faults: readonly { readonly code: string }[];
  };
  return {
    verdict,
    stallMs,
    firstFrameMs,
    lateMs,
    codes: faults.map(({ code }) => code),
    seconds: (performance.now() - begun) / 1000,
  };
}

async function ready(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => child.stdout?.once("data", resolve));
}

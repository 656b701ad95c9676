/**
 * Provides the environment of the drill "realtime": a teacher's browser that publishes, a server, and a student's browser that watches, each behind a
 * line of its own.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { FAKE_DEVICES } from "../../e2e/browser.ts";
import { listen } from "../../e2e/heard-beeps.ts";
import { childEnv, NODE_OPTIONS, TOKEN, until } from "../../e2e/lectern.ts";
import { MAIN } from "../../e2e/program.ts";
import { publishingPage, startPublishing, stateOf } from "../../e2e/published-page.ts";
import { migratedDatabase } from "../../packages/server/src/school/foundation/store/migrated-database.ts";
import { LAB_SCOPE, LabCluster } from "../netlab/lab-cluster.ts";
import type { LabHost, Link } from "../netlab/network-lab.ts";
import { launchOnHost } from "./lab-browser.ts";
import { drawClock, noteBeats, noteFigures, readClock } from "./realtime-clock.ts";
import { playBeeps } from "./realtime-sound.ts";

const NAME = "realtime";
const HTTP_PORT = 8080;
/** A first start makes a database. */
const STARTS_WITHIN_MS = 300_000;
const STATE_WITHIN_MS = 120_000;
/** As lessons at home have it; one way. */
export const GOOD_LINE = { delay: 5, jitter: 0, loss: 0, rate: 0, queue: 100 } as const;
export const MAX_KBPS = 1200;
/** Drops all packets of UDP. */
const NO_UDP = ["input", "output"].flatMap((hook) => [
  `add chain inet drill ${hook} { type filter hook ${hook} priority 0; }`,
  `add rule inet drill ${hook} meta l4proto udp drop`,
]);

const CAMERA = { width: 1280, height: 720, frameRate: 30 } as const;
const HEARS = "--autoplay-policy=no-user-gesture-required";

export type End = "teacher" | "student";

export class RealtimeLab {
  readonly cluster = new LabCluster();
  private readonly hosts: Readonly<Record<End | "server", LabHost>>;
  private readonly browsers: Browser[] = [];
  private started: { readonly links: Readonly<Record<End, Link>>; readonly pages: Readonly<Record<End, Page>> } | null = null;

  constructor() {
    const { lab } = this.cluster;
    this.hosts = { teacher: lab.addHost("teacher"), server: lab.addHost("server"), student: lab.addHost("student") };
  }

  private get parts() {
    if (!this.started) throw new Error("the lab is not started");
    return this.started;
  }

  get pages(): Readonly<Record<End, Page>> {
    return this.parts.pages;
  }

  /** Of each person to the server, which is their end "b". */
  get links(): Readonly<Record<End, Link>> {
    return this.parts.links;
  }

  private get server(): string {
    return `http://${this.hosts.server.address}:${HTTP_PORT}`;
  }

  /** Starts everything, and publishes. Nobody watches yet. */
  async start(): Promise<void> {
    const { cluster, hosts } = this;
    const links = {
      teacher: await cluster.lab.addLink(hosts.teacher, hosts.server, GOOD_LINE),
      student: await cluster.lab.addLink(hosts.student, hosts.server, GOOD_LINE),
    };
    await this.startServer();
    // Browsers open the camera, and look into sound, on secure pages only.
    const secure = `--unsafely-treat-insecure-origin-as-secure=${this.server}`;
    const teacher = await publishingPage(
      LAB_SCOPE,
      await this.openBrowser("teacher", [...FAKE_DEVICES, secure]),
      this.server,
      CAMERA,
    );
    await drawClock(teacher);
    await playBeeps(teacher);
    await startPublishing(teacher, { address: `${this.server}/live/${NAME}`, maxKbps: MAX_KBPS });
    await until(async () => (await stateOf(teacher)).phase === "live", "the publisher", STATE_WITHIN_MS);
    await noteFigures(teacher);
    await noteBeats(teacher);
    await until(async () => (await this.api("/api/v1/streams")).includes('"h264"'), "the stream", STATE_WITHIN_MS);
    const context = await (await this.openBrowser("student", [HEARS, secure])).newContext({
      viewport: { width: 640, height: 400 },
      bypassCSP: true,
    });
    this.started = { links, pages: { teacher, student: await context.newPage() } };
  }

  /** Opens the lesson at the student's. @param query of the page with the player */
  async watch(query: string): Promise<void> {
    const { student } = this.pages;
    await student.goto(`${this.server}/embed/${NAME}?muted=0&${query}`);
    const state = () => student.evaluate<string>("document.querySelector('lectern-player')?.state");
    await until(async () => (await state()) === "live", "live playback", STATE_WITHIN_MS);
    await readClock(student);
    await listen(student);
    await noteBeats(student);
  }

  blockUdp(end: End): void {
    this.nft(end, ["add table inet drill", ...NO_UDP].join("; "));
  }

  letUdpPass(end: End): void {
    this.nft(end, "delete table inet drill");
  }

  /** Ends the lesson. @returns the files of its recording, when it is whole */
  async endRecording(): Promise<readonly string[]> {
    const { pages } = this;
    await pages.student.goto("about:blank");
    await pages.teacher.evaluate(() => (globalThis as unknown as { publisher: { close(): Promise<void> } }).publisher.close());
    type Answer = { readonly items: readonly { readonly name: string; readonly whole: boolean }[] };
    const isWhole = async (): Promise<boolean> => {
      const { items = [] } = JSON.parse((await this.api("/api/v1/recordings")) || "{}") as Partial<Answer>;
      const own = items.filter(({ name }) => name === NAME);
      return own.length > 0 && own.every(({ whole }) => whole);
    };
    await until(isWhole, "the recording", STATE_WITHIN_MS);
    const folder = join(this.directory, "recordings", "live", NAME);
    const files = readdirSync(folder).filter((file) => file.endsWith(".flv"));
    return files.sort().map((file) => join(folder, file));
  }

  async close(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.close().catch(() => {})));
    await this.cluster.close();
  }

  private get directory(): string {
    return join(this.cluster.directory, "server");
  }

  /** One node without a cluster: its media worker, and control with its database. */
  private async startServer(): Promise<void> {
    // Making one takes a busy machine minutes.
    cpSync(await migratedDatabase(), join(this.directory, "db"), { recursive: true });
    const set = ["workers=1", "publish.allow=any", "publish.graceSeconds=20", "recording.auto=pushed"];
    const args = [
      ...[...NODE_OPTIONS, MAIN, "serve", "--data", this.directory, "--http-port", String(HTTP_PORT), "--rtmp-port", "1935"],
      ...set.flatMap((pair) => ["--set", pair]),
    ];
    const child = this.cluster.lab.start(this.hosts.server, process.execPath, args, {
      env: { ...childEnv(), LECTERN_ADMIN_TOKEN: TOKEN },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = process.env["REALTIME_LOG"];
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (bytes: Buffer) => {
        said += said.includes("lectern ready") ? "" : String(bytes);
        if (log) appendFileSync(log, bytes);
      });
    const isReady = () => {
      if (child.exitCode !== null) throw new Error(`the server has ended: ${said}`);
      return said.includes("lectern ready");
    };
    await until(isReady, "the server", STARTS_WITHIN_MS);
  }

  private api(path: string): Promise<string> {
    const address = `http://127.0.0.1:${HTTP_PORT}${path}`;
    return this.cluster.run(this.hosts.server, "curl", ["-s", "-m", "5", "-H", `authorization: Bearer ${TOKEN}`, address]);
  }

  private async openBrowser(end: End, more: readonly string[]): Promise<Browser> {
    const browser = await launchOnHost(this.cluster, this.hosts[end], more);
    this.browsers.push(browser);
    return browser;
  }

  private nft(end: End, commands: string): void {
    execFileSync("ip", ["netns", "exec", this.hosts[end].namespace, "nft", commands]);
  }
}

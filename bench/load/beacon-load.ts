/**
 * Provides beacon load generator, run as a process of its own: players that each send a beacon every ten seconds, by plain sockets, with the heads
 * that Chromium sends. It prints what the server answered.
 */
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";

export type BeaconLoad = {
  readonly port: number;
  readonly players: number;
  /** Connections that the players share; as many as players: each has its own. */
  readonly connections: number;
  readonly seconds: number;
  /** APP/NAME */
  readonly cid: string;
};

export type BeaconLoadResult = { readonly taken: number; readonly refused: number; readonly bytes: number };

export const BEACON_LOAD = fileURLToPath(import.meta.url);
const INTERVAL_MS = 10_000;
const TICK_MS = 10;
const DEVICES = ["phone", "tablet", "desktop", "tv"] as const;

function beaconOf(player: number, sn: number, { cid, port }: BeaconLoad): string {
  const stalls = player % 20 === 0 ? 1 : 0;
  const now = Date.now();
  return JSON.stringify({
    v: 1,
    sid: `bench${player}`.padEnd(20, "-"),
    sn,
    ts: now,
    cid,
    st: "l",
    sf: player % 3 === 0 ? "hls" : "flv",
    sta: "playing",
    trace: player.toString(16).padStart(32, "0"),
    edge: `127.0.0.1:${port}`,
    intervalMs: INTERVAL_MS,
    ...(sn === 0 ? { msd: 200 + (player % 1000) } : {}),
    watchedMs: 9500,
    heardMs: 9500,
    stalls,
    bsd: 400 * stalls,
    stallList: stalls === 0 ? [] : [{ at: now - 5000, ms: 400, cause: "starved" }],
    frames: 240,
    droppedFrames: 1,
    bytes: 1_250_000,
    switches: 0,
    reconnects: 0,
    ec: [],
    bl: 1500,
    br: 1000,
    mtp: null,
    ltc: null,
    pr: 1,
    rung: "720p",
    longTaskMs: 60,
    device: { class: DEVICES[player % 4], os: "Android", browser: "Chrome", cores: 8 },
    network: { type: "wifi", downlinkKbps: 10_000, rttMs: 50 },
  });
}

/** Sends one request after the other, as browsers and proxies do, on a connection that is opened again where the server has closed it meanwhile. */
class Line {
  private readonly port: number;
  private readonly onAnswer: (status: string) => void;
  private socket: Socket | null = null;
  private readonly waiting: string[] = [];
  private isBusy = false;

  constructor(port: number, onAnswer: (status: string) => void) {
    this.port = port;
    this.onAnswer = onAnswer;
  }

  send(text: string): void {
    this.waiting.push(text);
    if (!this.isBusy) this.next();
  }

  close(): void {
    this.socket?.destroy();
  }

  private next(): void {
    const text = this.waiting.shift();
    if (text === undefined) return;
    this.isBusy = true;
    this.socket ??= this.open();
    this.socket.write(text, "latin1");
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: "127.0.0.1", noDelay: true });
    // Answers are short, and come one at a time: in one piece.
    socket.on("data", (bytes) => {
      this.onAnswer(bytes.toString("latin1").slice(9, 12));
      this.isBusy = false;
      this.next();
    });
    socket.on("error", () => this.onAnswer("broken"));
    socket.on("close", () => {
      this.socket = null;
      this.isBusy = false;
      this.next();
    });
    return socket;
  }
}

async function send(load: BeaconLoad): Promise<BeaconLoadResult> {
  const result = { taken: 0, refused: 0, bytes: 0 };
  const lines: Line[] = [];
  for (let i = 0; i < load.connections; i++) {
    lines.push(
      new Line(load.port, (status) => {
        if (status === "204") result.taken++;
        else result.refused++;
      }),
    );
  }
  const head = `POST /api/v1/views HTTP/1.1\r\nHost: 127.0.0.1:${load.port}\r\nConnection: keep-alive\r\nUser-Agent: Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r\nContent-Type: text/plain\r\nAccept: */*\r\nOrigin: http://school.example\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nReferer: http://school.example/\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: zh-CN,zh;q=0.9\r\n`;
  const begun = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const passed = performance.now() - begun;
      const due = (Math.min(passed, load.seconds * 1000) / INTERVAL_MS) * load.players;
      for (; sent < due; sent++) {
        const player = sent % load.players;
        const body = beaconOf(player, Math.floor(sent / load.players), load);
        const text = `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
        result.bytes += text.length;
        lines[player % load.connections]?.send(text);
      }
      if (passed < (load.seconds + 1) * 1000) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  for (const line of lines) line.close();
  return result;
}

if (process.argv[1] === BEACON_LOAD) {
  const result = await send(JSON.parse(process.argv[2] ?? "{}"));
  process.stdout.write(JSON.stringify(result));
}

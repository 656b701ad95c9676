/** Speaks with the API of the server under test: begins and ends the test, and makes what it needs with the test's own key. */
import { Agent, request } from "node:http";
import { request as requestTls } from "node:https";

/** The server refused, or is not there: a line for the person. */
export class TargetRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "TargetRefused";
    this.code = code;
  }
}

export type LoadTestSize = {
  readonly title: string;
  readonly people: number;
  readonly lessons: number;
  readonly minutes: number;
};

export type MadeLesson = {
  readonly id: string;
  readonly code: string;
  readonly stream: { readonly name: string; readonly publishKey: string; readonly rtmpUrl: string };
  readonly play: { readonly flv: string };
};

const WITHIN_MS = 30_000;

export class TargetApi {
  readonly origin: URL;
  private readonly agent = new Agent({ keepAlive: true });
  private key: string | null = null;

  /** @param origin `https://school.example` */
  constructor(origin: URL) {
    this.origin = origin;
  }

  /** @throws TargetRefused */
  async begin(secret: string, size: LoadTestSize): Promise<void> {
    const { key } = await this.call<{ key: string }>("POST", "/load-tests", { secret, ...size });
    this.key = key;
  }

  /** Has the server remove what load tests have made. @returns how many of them. @throws TargetRefused */
  async end(secret: string): Promise<number> {
    this.key = null;
    const { schools } = await this.call<{ schools: string[] }>("POST", "/load-tests/end", { secret });
    return schools.length;
  }

  /** @throws TargetRefused */
  readonly call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { status, text } = await this.send(method, path, body === undefined ? null : JSON.stringify(body));
    if (status >= 200 && status < 300) return text === "" ? (undefined as T) : JSON.parse(text);
    const problem: unknown = text.startsWith("{") ? JSON.parse(text) : {};
    const said = (name: string) =>
      typeof problem === "object" && problem !== null && name in problem ? String(Reflect.get(problem, name)) : "";
    throw new TargetRefused(said("code") || `http-${status}`, said("detail") || said("title") || `HTTP ${status}`);
  };

  private send(method: string, path: string, body: string | null): Promise<{ status: number; text: string }> {
    const url = new URL(`/api/v1${path}`, this.origin);
    const headers = {
      ...(this.key === null ? {} : { authorization: `Bearer ${this.key}` }),
      ...(body === null ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const isTls = url.protocol === "https:";
      const options = { method, headers, timeout: WITHIN_MS, ...(isTls ? { rejectUnauthorized: false } : { agent: this.agent }) };
      const asked = (isTls ? requestTls : request)(url, options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          text += piece;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
      asked.on("error", (error) =>
        reject(new TargetRefused("no-answer", `${this.origin.origin} cannot be reached: ${error.message}`)),
      );
      asked.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

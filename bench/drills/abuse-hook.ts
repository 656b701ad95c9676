/** Receives the events of the innocent school's webhook, for the drill `abuse`. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "../../e2e/lectern.ts";

const ARRIVES_WITHIN_MS = 60_000;

export class HookServer {
  private readonly server: Server;
  private readonly texts: string[] = [];

  constructor() {
    this.server = createServer((asked, response) => {
      let text = "";
      asked.on("data", (piece) => {
        text += piece;
      });
      asked.on("end", () => {
        this.texts.push(text);
        response.end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", () => resolve()));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async arrived(title: string): Promise<void> {
    await until(() => this.texts.some((text) => text.includes(`"${title}"`)), `the event of ${title}`, ARRIVES_WITHIN_MS).catch(
      () => {},
    );
    this.texts.length = 0;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

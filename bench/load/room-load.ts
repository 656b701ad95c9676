/** Starts the members of a room as a process of their own, and tells them what to do. */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CLIENT_CORE, start } from "../testbed/child-process.ts";
import type { MembersCommand, MembersFigures, MembersOrder } from "./room-members.ts";

export class RoomLoad<Order = MembersOrder, Command = MembersCommand, Figures = MembersFigures> {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  /** @param script of the members */
  constructor(order: Order, script = "room-members.ts") {
    this.child = start([process.execPath, "--max-semi-space-size=32", join(import.meta.dirname, script)], {
      core: CLIENT_CORE,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const { stdout } = this.child;
    if (!stdout) throw new Error("the members have no output");
    this.answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
    this.write(order);
  }

  /** @throws Error when the process has ended */
  async tell(command: Command): Promise<Figures> {
    this.write(command);
    const { value, done } = await this.answers.next();
    if (done) throw new Error("the members' process has ended");
    return JSON.parse(value);
  }

  async leave(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.write({ do: "leave" });
    await gone;
  }

  private write(line: Order | Command | { readonly do: "leave" }): void {
    this.child.stdin?.write(`${JSON.stringify(line)}\n`);
  }
}

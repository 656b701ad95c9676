/** Provides a mail server of a test, which keeps what it is sent. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { SMTPServer } from "smtp-server";

export type Received = { readonly to: string /** The whole message, with folded lines joined. */; readonly text: string };

/** @param failures so many mails are refused first */
export async function startMailServer(t: Pick<TestContext, "after">, failures = 0) {
  const mails: Received[] = [];
  let refused = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (piece) => (text += piece));
      stream.on("end", () => {
        if (refused < failures) {
          refused++;
          return done(new Error("try later"));
        }
        mails.push({ to: session.envelope.rcptTo[0]?.address ?? "", text: text.replaceAll("=\r\n", "") });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  t.after(() => new Promise<void>((resolve) => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  const mail = { smtp: `smtp://127.0.0.1:${port}`, from: "lectern@school.example", publicUrl: "https://school.example" };
  return { mails, mail, refused: () => refused };
}

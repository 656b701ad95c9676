/** Sends password reset links by mail, where a mail server is configured. */
import type { Logger } from "../../platform/log.ts";

export type MailOptions = {
  /** `smtp://user:password@host:587`; empty: no mail is sent. */
  readonly smtp: string;
  readonly from: string;
  /** Base of the link. Never taken from a request: a stranger could make the link lead elsewhere. */
  readonly publicUrl: string;
};

export class Mail {
  private readonly options: () => MailOptions;
  private readonly log: Logger;

  constructor(options: () => MailOptions, log: Logger) {
    this.options = options;
    this.log = log;
  }

  /** True where the mail server accepted the message. */
  async sendReset(to: string, name: string, token: string): Promise<boolean> {
    const { smtp, from, publicUrl } = this.options();
    if (smtp === "" || publicUrl === "") return false;
    // Most servers send no mail, and none in their first seconds.
    const { createTransport } = await import("nodemailer");
    const transport = createTransport(smtp);
    const url = `${publicUrl.replace(/\/+$/, "")}/reset/${token}`;
    try {
      await transport.sendMail({
        from,
        to,
        subject: "Lectern: set your password / 设置密码",
        text: `${name},\n\nwith this link you can set your password, once:\n用此链接设置一次密码：\n\n${url}\n`,
      });
      return true;
    } catch (error) {
      this.log.warn({ reason: String(error) }, "mail not sent");
      return false;
    } finally {
      transport.close();
    }
  }
}

/** Sends mail where a mail server is configured: password reset links, notices of changes of how a person signs in and of new devices, and alarms. */
import type { Logger } from "../../../platform/log.ts";
import { publicOrigin } from "../../../platform/public-origin.ts";
import type { HourlyLimits } from "../limits/hourly-limits.ts";

export type MailOptions = {
  /** `smtp://user:password@host:587`; empty: no mail is sent. */
  readonly smtp: string;
  readonly from: string;
  /** Base of the link. Never taken from a request: a stranger could make the link lead elsewhere. */
  readonly publicUrl: string;
};

/** What a person is told of, in English and Chinese (OWASP ASVS 4.0, 2.2.3 and 2.5.5). */
const NOTICES = {
  password: ["The password of your account was changed.", "你的账号密码已更改。"],
  email: ["The mail address of your account was changed.", "你的账号邮箱已更改。"],
  "second-factor-on": ["The second factor of your account was turned on.", "你的账号已开启两步验证。"],
  "second-factor-off": ["The second factor of your account was removed.", "你的账号已关闭两步验证。"],
  "provider-linked": [
    "A school account was linked to your account. It can sign in now.",
    "你的账号已关联一个学校账号，可用它登录。",
  ],
  "passkey-added": ["A passkey was added to your account. It can sign in now.", "你的账号已添加一个通行密钥，可用它登录。"],
  "passkey-removed": ["A passkey was removed from your account.", "你的账号已删除一个通行密钥。"],
  "provider-removed": ["A school account was removed from your account.", "你的账号已移除一个学校账号。"],
} as const;
export type Notice = keyof typeof NOTICES;

/** A sign-in on a device that is not known. */
export type DeviceNotice = {
  /** In the time zone of the school, with its name. */
  readonly time: string;
  /** Of the address: `203.0.113.0/24`. */
  readonly network: string;
  /** In English and Chinese. */
  readonly device: readonly [english: string, chinese: string];
};

type Recipient = { readonly name: string; readonly email: string | null };

export class Mail {
  private readonly options: () => MailOptions;
  private readonly log: Logger;
  private readonly hourly: Pick<HourlyLimits, "take">;

  constructor(options: () => MailOptions, log: Logger, hourly: Pick<HourlyLimits, "take">) {
    this.options = options;
    this.log = log;
    this.hourly = hourly;
  }

  /** Finds out who gets a mail, and sends it, once the request for it has its answer. */
  afterAnswer(work: () => Promise<void>): void {
    setImmediate(() => void work().catch((error) => this.noteUnsent(error)));
  }

  /** True where the mail server accepted the message. */
  async sendReset(to: string, name: string, token: string, hours: number): Promise<boolean> {
    const url = this.pageAddress(`/reset/${token}`);
    if (url === null) return false;
    const english = `Open this link to set a new password. It works once, within ${hours} hours. If you have not asked for it, ignore this mail: your password stays as it is.`;
    const chinese = `请打开此链接设置新密码，仅可使用一次，${hours} 小时内有效。如果不是你本人申请，请忽略此邮件，密码不会改变。`;
    const text = `${name},\n\n${english}\n${chinese}\n\n${url}\n`;
    return await this.send(to, "Lectern: set your password / 设置密码", text);
  }

  /** Whether a mail server is configured, and the address that links have. */
  get canSend(): boolean {
    const { smtp, publicUrl } = this.options();
    return smtp !== "" && publicUrl !== "";
  }

  /** Invites a person to a first sign-in. True where the mail server accepted the message. */
  async sendInvitation(
    { name, login, email }: Recipient & { readonly login: string },
    school: string,
    token: string,
    days: number,
  ): Promise<boolean> {
    const url = this.pageAddress(`/reset/${token}`);
    if (url === null || email === null) return false;
    const english = `${school} has an account for you. Your username is ${login}. Open this link to choose your password. It works once, within ${days} days:`;
    const chinese = `${school}已为你开通账号 ${login}。请打开此链接设置密码，仅可使用一次，${days} 天内有效：`;
    const text = `${name},\n\n${english}\n${chinese}\n\n${url}\n`;
    return await this.send(email, `${school}: your account / 你的账号`, text);
  }

  /** True where the mail server accepted the message. */
  async sendToGuardian(
    { email, name }: { readonly email: string; readonly name: string },
    subject: string,
    text: string,
  ): Promise<boolean> {
    return await this.send(email, subject, `${name},\n\n${text}`);
  }

  /** Tells a member of staff of something. True where the mail server accepted the message. */
  async sendToStaff({ name, email }: Recipient, subject: string, text: string): Promise<boolean> {
    return email !== null && (await this.send(email, subject, `${name},\n\n${text}`));
  }

  /** Tells a teacher of a series of lessons. True where the mail server accepted the message. */
  async sendSeries(
    { name, email }: { readonly name: string | null; readonly email: string | null },
    subject: string,
    text: string,
  ): Promise<boolean> {
    return email !== null && (await this.send(email, subject, `${name ?? ""},\n\n${text}`));
  }

  /** True where the mail server accepted the message. */
  async sendAlarms(to: string, subject: string, text: string): Promise<boolean> {
    return await this.send(to, subject, text);
  }

  /** Tells a person that the account was changed, at the address that it had before. Does not wait for the mail server. */
  notify({ name, email }: Recipient, notice: Notice): void {
    if (email === null) return;
    const [english, chinese] = NOTICES[notice];
    const text = `${name},\n\n${english} If it was not you, tell your school at once.\n\n${chinese}如果不是你本人操作，请立即联系学校。\n`;
    void this.sendNotice(email, text);
  }

  /** Tells a person of a sign-in on a new device, and where to end it. */
  async notifyDevice({ name, email }: Recipient, { time, network, device: [english, chinese] }: DeviceNotice): Promise<void> {
    if (this.options().smtp === "" || email === null) return;
    const reached = await this.hourly.take([{ kind: "device-recipient", subject: email.toLowerCase() }]).catch(() => null);
    if (reached !== null) return;
    const page = this.pageAddress("/console/account");
    const text = [
      `${name},\n`,
      "Somebody signed in to your account on a device that it was not used on before.",
      `Time: ${time}\nNetwork: ${network}\nBrowser: ${english}`,
      "If it was you, there is nothing to do. If not, open “Your account”, sign out that browser under “Where you are signed in”, and change your password.\n",
      "有人在一台新设备上登录了你的账号。",
      `时间：${time}\n网络：${network}\n浏览器：${chinese}`,
      "如果是你本人，无需操作；如果不是，请打开“我的账号”，在“已登录的设备”中退出该浏览器，并更改密码。\n",
      page === null ? "" : `${page}\n`,
    ].join("\n");
    await this.send(email, "Lectern: sign-in on a new device / 新设备登录提醒", text);
  }

  /** Null: the server's public address is not known. */
  private pageAddress(path: string): string | null {
    const { publicUrl } = this.options();
    return publicUrl === "" ? null : `${publicOrigin(publicUrl)}${path}`;
  }

  /** A notice that cannot be counted is sent: the person may be the victim of the change. */
  private async sendNotice(email: string, text: string): Promise<void> {
    if (this.options().smtp === "") return;
    const reached = await this.hourly.take([{ kind: "notice-recipient", subject: email.toLowerCase() }]).catch(() => null);
    if (reached !== null) return;
    await this.send(email, "Lectern: your account was changed / 账号变更通知", text);
  }

  /** A mail that nobody waits for was not sent. */
  noteUnsent(error: unknown): void {
    this.log.warn({ reason: String(error) }, "mail not sent");
  }

  private async send(to: string, subject: string, text: string): Promise<boolean> {
    const { smtp, from } = this.options();
    if (smtp === "") return false;
    // Most servers send no mail, and none in their first seconds.
    const { createTransport } = await import("nodemailer");
    const transport = createTransport(smtp);
    try {
      await transport.sendMail({ from, to, subject, text });
      return true;
    } catch (error) {
      this.noteUnsent(error);
      return false;
    } finally {
      transport.close();
    }
  }
}

/** Provides the settings of a school as the fields of a form, and back. */
import { INHERIT, type LadderSetting, settingOf } from "../ladders/quality-fields.ts";

/** What is kept of each viewer: who watched, that somebody watched, or sums only. */
export const VIEW_DETAILS = ["names", "anonymous", "none"] as const;
type ViewDetails = (typeof VIEW_DETAILS)[number];

export type SchoolSettings = LadderSetting & {
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly guests: boolean;
  /** Only administrators get these. */
  readonly adminNetworks?: readonly string[] | undefined;
  readonly keepDays?: number | undefined;
  readonly keepBytes?: number | undefined;
  readonly quotaBytes?: number | undefined;
  readonly passwordSignIn?: boolean | undefined;
  readonly secondFactor?: boolean | undefined;
  /** Minutes; 0: the server's setting. */
  readonly idleMinutes?: number | undefined;
  readonly guestConsent: string;
  /** Minutes without a publisher after which a lesson ends. */
  readonly endAfterMinutes?: number | undefined;
  readonly lessonRanking?: boolean | undefined;
  readonly keepAuditDays?: number | undefined;
  readonly keepNamesDays?: number | undefined;
  readonly viewDetails?: ViewDetails | undefined;
};

export type SettingsFields = {
  readonly name: string;
  readonly timeZone: string;
  readonly guests: boolean;
  /** One network per line. */
  readonly networks: string;
  readonly keepDays: string;
  readonly keepGigabytes: string;
  readonly quotaGigabytes: string;
  readonly passwordSignIn: boolean;
  readonly secondFactor: boolean;
  readonly idleMinutes: string;
  readonly guestConsent: string;
  readonly endAfterMinutes: string;
  readonly lessonRanking: boolean;
  readonly keepAuditDays: string;
  readonly keepNamesDays: string;
  readonly viewDetails: ViewDetails;
  readonly ladder: string;
  readonly ladderStart: string;
};

const BYTES_PER_GIGABYTE = 1e9;

export function gigabytes(bytes: number): number {
  return bytes / BYTES_PER_GIGABYTE;
}

export function fieldsOf(settings: SchoolSettings): SettingsFields {
  return {
    name: settings.name,
    timeZone: settings.timeZone,
    guests: settings.guests,
    networks: (settings.adminNetworks ?? []).join("\n"),
    keepDays: String(settings.keepDays ?? 0),
    keepGigabytes: String(gigabytes(settings.keepBytes ?? 0)),
    quotaGigabytes: String(gigabytes(settings.quotaBytes ?? 0)),
    passwordSignIn: settings.passwordSignIn ?? true,
    secondFactor: settings.secondFactor ?? false,
    idleMinutes: String(settings.idleMinutes ?? 0),
    guestConsent: settings.guestConsent,
    endAfterMinutes: String(settings.endAfterMinutes ?? 20),
    lessonRanking: settings.lessonRanking ?? true,
    keepAuditDays: String(settings.keepAuditDays ?? 0),
    keepNamesDays: String(settings.keepNamesDays ?? 0),
    viewDetails: settings.viewDetails ?? "names",
    ladder: settings.ladder ?? INHERIT,
    ladderStart: settings.ladderStart ?? INHERIT,
  };
}

/** @param isOperator only operators change the quota */
export function settingsOf(fields: SettingsFields, isOperator: boolean) {
  const bytesOf = (text: string) => Math.round(Number(text) * BYTES_PER_GIGABYTE);
  return {
    name: fields.name,
    timeZone: fields.timeZone,
    guests: fields.guests,
    adminNetworks: fields.networks.split(/\s+/).filter((network) => network !== ""),
    keepDays: Number(fields.keepDays),
    keepBytes: bytesOf(fields.keepGigabytes),
    passwordSignIn: fields.passwordSignIn,
    secondFactor: fields.secondFactor,
    idleMinutes: Number(fields.idleMinutes),
    guestConsent: fields.guestConsent.trim(),
    endAfterMinutes: Number(fields.endAfterMinutes),
    lessonRanking: fields.lessonRanking,
    keepAuditDays: Number(fields.keepAuditDays),
    keepNamesDays: Number(fields.keepNamesDays),
    viewDetails: fields.viewDetails,
    ...settingOf({ ladder: fields.ladder, ladderStart: fields.ladderStart }),
    ...(isOperator ? { quotaBytes: bytesOf(fields.quotaGigabytes) } : {}),
  };
}

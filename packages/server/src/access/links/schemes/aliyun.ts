/**
 * Provides aliyun's three kinds of links (URL 鉴权), of its CDN and of its live streaming:
 *
 * - type A: `auth_key=TIMESTAMP-RAND-UID-MD5`, with MD5 of `URI-TIMESTAMP-RAND-UID-SECRET`; the time is in Unix seconds
 * - type B: `/YYYYMMDDHHMM/MD5/APP/NAME.flv`, with MD5 of `SECRET YYYYMMDDHHMM URI` without spaces; the time is that of China (UTC+8)
 * - type C: `/MD5/HEX/APP/NAME.flv` or `KEY1=MD5&KEY2=HEX`, with MD5 of `SECRET URI HEX` without spaces; the time is in Unix seconds
 *
 * The link expires so long after its time as the domain is configured, by default 1800 s, also where the time is that of an expiry: so the
 * vendor's documents define it today for all types, and a back end that writes the present time goes on working.
 */
import { type ForeignScheme, hexTime, md5Hex, type SignedTarget } from "./foreign-scheme.ts";

const VALID_SECONDS = 1800;
const CHINA_SECONDS = 8 * 3600;
const AUTH_KEY = /^(\d{10})-([^-]{1,128})-([^-]{1,128})-([0-9a-fA-F]{32})$/;
const MD5 = /^[0-9a-fA-F]{32}$/;
const HEX_TIME = /^[0-9a-fA-F]{8}$/;
const MINUTE = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/;

export const aliyunA: ForeignScheme = {
  name: "aliyun-a",
  validSeconds: VALID_SECONDS,
  bindsAddress: false,
  sign: (target, time, secret) => {
    const begin = `${time}-0-0`;
    return { query: { auth_key: `${begin}-${signatureA(target, begin, secret)}` }, prefix: "" };
  },
  read: ({ parameters: { auth_key } }) => {
    if (auth_key === undefined) return null;
    const [, time, rand, uid, signed] = AUTH_KEY.exec(auth_key) ?? [];
    if (!time || !signed) return "malformed";
    const expected = (target: SignedTarget, secret: string) => signatureA(target, `${time}-${rand}-${uid}`, secret);
    return { signature: signed.toLowerCase(), time: Number(time), expected };
  },
};

export const aliyunB: ForeignScheme = {
  name: "aliyun-b",
  validSeconds: VALID_SECONDS,
  bindsAddress: false,
  // The next whole minute: a link never expires before the time that was asked for.
  sign: ({ path }, time, secret) => {
    const minute = minuteOf(Math.ceil(time / 60) * 60);
    return { query: {}, prefix: `/${minute}/${md5Hex(`${secret}${minute}${path}`)}` };
  },
  read: ({ prefix }) => {
    if (prefix?.scheme !== "aliyun-b") return null;
    const time = timeOf(prefix.time);
    if (time === null) return "malformed";
    const expected = ({ path }: SignedTarget, secret: string) => md5Hex(`${secret}${prefix.time}${path}`);
    return { signature: prefix.signature.toLowerCase(), time, expected };
  },
};

export const aliyunC: ForeignScheme = {
  name: "aliyun-c",
  validSeconds: VALID_SECONDS,
  bindsAddress: false,
  sign: ({ path }, time, secret) => ({ query: {}, prefix: `/${md5Hex(`${secret}${path}${hexTime(time)}`)}/${hexTime(time)}` }),
  read: ({ prefix, parameters: { KEY1, KEY2 = "" } }) => {
    const inPath = prefix?.scheme === "aliyun-c" ? prefix : null;
    if (!inPath && KEY1 === undefined) return null;
    const { signature, time } = inPath ?? { signature: KEY1 ?? "", time: KEY2 };
    if (!MD5.test(signature) || !HEX_TIME.test(time)) return "malformed";
    // The time is signed as it was written, in capitals or small letters.
    const expected = ({ path }: SignedTarget, secret: string) => md5Hex(`${secret}${path}${time}`);
    return { signature: signature.toLowerCase(), time: Number.parseInt(time, 16), expected };
  },
};

function signatureA({ path }: SignedTarget, begin: string, secret: string): string {
  return md5Hex(`${path}-${begin}-${secret}`);
}

function minuteOf(time: number): string {
  return new Date((time + CHINA_SECONDS) * 1000).toISOString().replaceAll(/[-T:]/g, "").slice(0, 12);
}

/** Unix seconds; null: there is no such minute. */
function timeOf(minute: string): number | null {
  const [, ...fields] = MINUTE.exec(minute) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, at = 0] = fields.map(Number);
  const time = Date.UTC(year, month - 1, day, hour, at) / 1000 - CHINA_SECONDS;
  return Number.isFinite(time) && minuteOf(time) === minute ? time : null;
}

/**
 * Provides upyun's links (Token 防盗链): `_upt` has digits 13 to 20 of `md5(SECRET&ETIME&URI)`, and the time of expiry behind them. A signature of 32
 * bits is the vendor's choice. Links for a directory (`_upp`) or for everything (`/`) are not accepted.
 */
import { type ForeignScheme, md5Hex, type SignedTarget } from "./foreign-scheme.ts";

const TOKEN = /^([0-9a-fA-F]{8})(\d{10})$/;

export const upyun: ForeignScheme = {
  name: "upyun",
  validSeconds: 0,
  bindsAddress: false,
  sign: (target, time, secret) => ({ query: { _upt: `${signature(target, String(time), secret)}${time}` }, prefix: "" }),
  read: ({ parameters: { _upt } }) => {
    if (_upt === undefined) return null;
    const [, signed, time] = TOKEN.exec(_upt) ?? [];
    if (!signed || !time) return "malformed";
    return { signature: signed.toLowerCase(), time: Number(time), expected: (target, secret) => signature(target, time, secret) };
  },
};

function signature({ path }: SignedTarget, time: string, secret: string): string {
  return md5Hex(`${secret}&${time}&${path}`).slice(12, 20);
}

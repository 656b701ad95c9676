/** Reads what candidates type: texts in any width and spacing, and numbers with a decimal comma, spaces and a unit. */
import { foldText, isWithin } from "@lectern/room";
import type { AcceptedNumber, AcceptedTexts } from "./question.ts";

/** Tells whether a typed text is one of the accepted ones. Accepted texts are folded once, for many answers. */
export function textMatcher({ texts, isCaseSensitive = false }: AcceptedTexts): (typed: string) => boolean {
  const fold = isCaseSensitive ? foldWidth : foldText;
  const accepted = new Set(texts.map(fold));
  return (typed) => accepted.has(fold(typed));
}

/** @param shownUnit the unit behind the gap, which may be typed again */
export function numberMatcher({ value, tolerance, unit }: AcceptedNumber, shownUnit?: string): (typed: string) => boolean {
  const units = new Set([unit, shownUnit].flatMap((each) => (each === undefined ? [] : [foldUnit(each)])));
  return (typed) => {
    const read = readNumber(typed);
    return (
      read !== null && (read.unit === "" || units.has(read.unit)) && read.values.some((each) => isWithin(each, value, tolerance))
    );
  };
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NUMBER = /^([+-]?)(\d[\d.,]*|[.,]\d+)(?:(?:e|[x×*]10\^)([+-]?\d{1,3}))?(?!\d)(.*)$/i;

/**
 * A number as people type it: full width, with spaces, a minus sign of any kind, a decimal comma or point, groups of three, as 3×10^8 or 3e8, a unit behind it.
 * `1,000` is 1 in one country and 1000 in another, so a number may have two values. Null: it is none.
 */
export function readNumber(typed: string): { readonly values: readonly number[]; readonly unit: string } | null {
  const written = typed
    // NFKC would make 10⁸ into 108.
    .replace(/(?<=10)\s*([⁺⁻]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/gu, (_, sign: string, digits: string) => {
      return `^${sign === "⁻" ? "-" : ""}${[...digits].map((digit) => SUPERSCRIPTS.indexOf(digit)).join("")}`;
    })
    .normalize("NFKC")
    .replace(/[\u2212\u2012\u2013]/gu, "-")
    .replace(/\s+/gu, "");
  const [, sign = "", digits, exponent = "0", rest = ""] = NUMBER.exec(written) ?? [];
  if (digits === undefined) return null;
  const values = readings(digits).map((plain) => Number(`${sign}${plain}e${exponent}`) + 0);
  return values.length > 0 && values.every(Number.isFinite) ? { values, unit: foldUnit(rest) } : null;
}

/** The plain forms of digits with points and commas; none: they are at places where no one writes them. */
function readings(digits: string): readonly string[] {
  const signs = digits.replace(/\d/g, "");
  if (signs === "") return [digits];
  if (signs.length === 1) {
    const decimal = digits.replace(",", ".");
    return signs === "," && /^[1-9]\d{0,2},\d{3}$/.test(digits) ? [decimal, digits.replace(",", "")] : [decimal];
  }
  const [group = "", last = ""] = [signs[0], signs.at(-1)];
  const grouped = group === "," ? /^\d{1,3}(,\d{3})+(\.\d*)?$/ : /^\d{1,3}(\.\d{3})+(,\d*)?$/;
  if (!grouped.test(digits)) return [];
  const whole = digits.replaceAll(group, "");
  return [group === last ? whole : whole.replace(last, ".")];
}

/** Units differ by case (mW, MW), and not by how a power is written (m², m^2, ㎡). */
function foldUnit(unit: string): string {
  return unit.normalize("NFKC").replace(/[\s^]+/gu, "");
}

function foldWidth(text: string): string {
  return text.normalize("NFKC").replace(/\s+/gu, " ").trim();
}

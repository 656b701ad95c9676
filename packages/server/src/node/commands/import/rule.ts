/** Defines how the settings of another server become those of Lectern: one rule for each setting that it has. The rules are also the tables of docs/coming-from.md. */
import type { Directive } from "./directive.ts";

export type Rule = {
  /** The directive, behind the blocks that it is in: `vhost.hls.hls_fragment`. */
  readonly from: string;
  /** The key of lectern.yaml. Without it the setting has none, and `say` tells why. */
  readonly to?: string;
  /** Makes its value, with what is in the same block. Null: this value needs no key. Default: the directive's first value, as a number where it is one. */
  readonly convert?: (directive: Directive, siblings: readonly Directive[]) => unknown;
  /** What to know where its value needs no key. */
  readonly otherwise?: string;
  /**
   * What to know about it. Of a rule without a key: what Lectern does without being told (`always`), where it is set up instead (`elsewhere`), or why there is nothing like it
   * (`none`). Nothing is told of a setting whose value other settings have taken along (`silent`).
   */
  readonly say?: string;
  readonly is?: "always" | "elsewhere" | "none" | "silent";
  /** What is in this block belongs to it, and is not looked at by itself. */
  readonly isWhole?: boolean;
};

/** A key with what it was made of. */
export type ImportedSetting = { readonly key: string; readonly value: unknown; readonly from: string; readonly line: number };
export type ImportFinding = {
  readonly line: number;
  readonly from: string;
  readonly is: "always" | "elsewhere" | "none" | "unknown" | "refused" | "repeated" | "note";
  readonly say: string;
};
export type Imported = { readonly settings: readonly ImportedSetting[]; readonly findings: readonly ImportFinding[] };

/** Lectern does it without being told. */
export function always(from: string, say: string): Rule {
  return { from, is: "always", say };
}

/** It is set up elsewhere. */
export function elsewhere(from: string, say: string, isWhole = false): Rule {
  return { from, is: "elsewhere", say, isWhole };
}

/** There is nothing like it. */
export function none(from: string, say: string, isWhole = false): Rule {
  return { from, is: "none", say, isWhole };
}

/** What it says is in other settings. */
export function silent(from: string): Rule {
  return { from, is: "silent" };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZES: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Milliseconds of "10s", "1h30m", "500ms"; a number alone is in `unit`. Null: it is none. */
export function readDuration(text: string, unit: "ms" | "s"): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * (UNITS[unit] ?? 1);
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return null;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (sum, [, count, of = ""]) => sum + Number(count) * (UNITS[of] ?? 0),
    0,
  );
}

/** Bytes of "128K", "50M", "1g". Null: it is none. */
export function readSize(text: string): number | null {
  const [, count, unit = ""] = /^(\d+)([kmg]?)b?$/i.exec(text) ?? [];
  return count === undefined ? null : Number(count) * (SIZES[unit.toLowerCase()] ?? 1);
}

/** The port of "1935", ":1935", "0.0.0.0:1935", "[::]:443" or "udp://…:10080". Null: there is none. */
export function readPort(text: string): number | null {
  const [, port] = /^(?:.*:)?(\d{1,5})$/.exec(text) ?? [];
  return port === undefined ? null : Number(port);
}

export function port({ values }: Directive): unknown {
  return values.map(readPort).find((one) => one !== null) ?? values[0];
}

/** Seconds, rounded up to whole ones. */
export function wholeSeconds(unit: "ms" | "s" = "s"): (directive: Directive) => unknown {
  return ({ values: [text = ""] }) => {
    const ms = readDuration(text, unit);
    return ms === null ? text : Math.ceil(ms / 1000);
  };
}

/** The values of a directive that stands beside others, or in a block. */
export function valuesOf(directives: readonly Directive[] | null, name: string): readonly string[] {
  return directives?.find((one) => one.name === name)?.values ?? [];
}

/** So many segments as make this length. */
export function segmentsOf(fragment: string, defaultSeconds: number): NonNullable<Rule["convert"]> {
  return ({ values: [text = ""] }, siblings) => {
    const length = readDuration(text, "s");
    const [own = String(defaultSeconds)] = valuesOf(siblings, fragment);
    const one = readDuration(own, "s");
    return length === null || !one ? text : Math.max(3, Math.ceil(length / one));
  };
}

export function plainValue({ values }: Directive): unknown {
  const [text = ""] = values;
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

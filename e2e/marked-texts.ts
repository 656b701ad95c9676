/**
 * Makes requests of which each text has a mark of its own and tries to be a script, from the OpenAPI document: a new field of the API cannot be
 * forgotten. What a field refuses is tried again in a shorter and plainer form, and left out at last.
 */

export type Schema = { readonly [key: string]: unknown };

/** A text that was sent. `field` is the operation and the path within its body, items of lists as `[]`. */
export type Mark = { readonly field: string; readonly text: string };

/** By the path of each value in a body, as refusals name it: how many forms of it were refused. */
export type Refused = Map<string, number>;

export type MarkedBody = { readonly value: unknown; readonly marks: readonly number[]; readonly fields: readonly string[] };

/** What calls `ran(NUMBER)` where it is taken for markup, a script, an expression or a formula. The first also turns the writing direction around. */
export function formsOf(n: number): readonly string[] {
  const script = `ran(${n})`;
  const markup = `<img src=x onerror=${script}>"'><svg onload=${script}></script><script>${script}</script>`;
  const others = `{{${script}}}\${${script}}[a](javascript:${script})$\\href{javascript:${script}}{b}$`;
  return [
    `m${n}z\u202e${markup}${others}`,
    `m${n}z${markup}${others}`,
    `m${n}z"><img src=x onerror=${script}>`,
    `m${n}z<b>`,
    `m${n}z`,
  ];
}

/** The same for addresses: what a browser runs, then what stands in an address of the usual kind. */
const ADDRESS_FORMS: readonly ((n: number) => string)[] = [
  (n) => `javascript:ran(${n})//m${n}z`,
  (n) => `https://127.0.0.1:9/m${n}z"><img src=x onerror=ran(${n})>`,
  (n) => `https://127.0.0.1:9/m${n}z`,
  (n) => `rtmp://127.0.0.1:9/live/m${n}z"><img src=x onerror=ran(${n})>`,
  (n) => `rtmp://127.0.0.1:9/live/m${n}z`,
];
/** For fields that take no words: times of day, zones, networks, colours. */
const SAMPLES = ["09:00", "10.9.0.0/16", "#112233"];
const BY_NAME: Readonly<Record<string, string>> = {
  timeZone: "UTC",
  network: "10.9.0.0/16",
  ip: "10.9.0.1",
  address: "10.9.0.1",
  target: "https://127.0.0.1:9/",
  to: "10:00",
};
/** More than there are forms. */
const ALL_REFUSED = 6;

/** Secrets and proofs, which nobody shows. */
const SECRET_FIELD = /password|secret|token|otp|^code$|cursor|credential|challenge|signature|clientData|authenticator/i;
const HOUR_MS = 3_600_000;
/** Deeper values are made of themselves. */
const MAX_DEPTH = 9;

type Place = { readonly path: string; readonly field: string; readonly name: string; readonly depth: number };

export class MarkedTexts {
  /** By number. */
  readonly marks = new Map<number, Mark>();
  private readonly schemas: Readonly<Record<string, Schema>>;
  /** Ids and other words that the server has given, by the field that takes them. */
  private readonly known: ReadonlyMap<string, string>;

  /** @param schemas the document's components */
  constructor(schemas: Readonly<Record<string, Schema>>, known: ReadonlyMap<string, string>) {
    this.schemas = schemas;
    this.known = known;
  }

  /** A new mark, for a text that is no field of a request. @returns the first form that is so short, without turning the direction */
  mark(field: string, maxLength = 1000): string {
    const n = this.marks.size + 1;
    const text = formsOf(n).find((form, i) => i > 0 && form.length <= maxLength) ?? "";
    this.marks.set(n, { field, text });
    return text;
  }

  /** How many bodies have every alternative of the schema at least once. */
  variants(schema: Schema, depth = 0): number {
    const of = this.resolved(schema);
    if (depth > MAX_DEPTH) return 1;
    const alternatives = alternativesOf(of);
    const own = Math.max(1, alternatives.length);
    const inner = [...alternatives, ...Object.values(record(of["properties"])), ...(isSchema(of["items"]) ? [of["items"]] : [])];
    return Math.max(own, ...inner.filter(isSchema).map((one) => this.variants(one, depth + 1)));
  }

  /** @param variant which of the alternatives @param refused forms that the operation did not take */
  body(operation: string, schema: Schema, variant: number, refused: Refused): MarkedBody {
    const marks: number[] = [];
    const fields: string[] = [];
    const value = this.make(schema, { path: "", field: operation, name: "", depth: 0 }, { variant, refused, marks, fields });
    return { value, marks, fields };
  }

  private resolved(schema: Schema): Schema {
    const { $ref } = schema;
    return typeof $ref === "string" ? this.resolved(this.schemas[$ref.split("/").at(-1) ?? ""] ?? {}) : schema;
  }

  private make(given: Schema, place: Place, run: Run): unknown {
    const schema = this.resolved(given);
    if (place.depth > MAX_DEPTH) return undefined;
    const alternatives = alternativesOf(schema);
    const chosen = alternatives[run.variant % Math.max(1, alternatives.length)];
    if (chosen) return this.make(chosen, place, run);
    const { enum: words, const: only, type } = schema;
    if (only !== undefined) return only;
    if (Array.isArray(words)) return words[run.variant % words.length];
    const kind = Array.isArray(type) ? type.find((one) => one !== "null") : type;
    // The whole of it was refused.
    if ((run.refused.get(place.path) ?? 0) > ALL_REFUSED) return undefined;
    if (kind === "string") return this.text(schema, place, run);
    if (kind === "boolean") return true;
    if (kind === "integer" || kind === "number") return numberOf(schema, place.name);
    if (kind === "array") return this.list(schema, place, run);
    if (kind === "object" || schema["properties"] !== undefined) return this.object(schema, place, run);
    return undefined;
  }

  private list(schema: Schema, place: Place, run: Run): unknown {
    const count = Math.max(1, Number(schema["minItems"] ?? 1));
    const items = isSchema(schema["items"]) ? schema["items"] : {};
    const made = Array.from({ length: count }, (_, i) => {
      const at = { path: joined(place.path, String(i)), field: `${place.field}[]`, name: place.name, depth: place.depth + 1 };
      return this.make(items, at, { ...run, variant: run.variant + i });
    });
    return made.some((item) => item === undefined) ? (schema["minItems"] === undefined ? [] : undefined) : made;
  }

  private object(schema: Schema, place: Place, run: Run): unknown {
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const out: Record<string, unknown> = {};
    for (const [name, of] of Object.entries(record(schema["properties"]))) {
      if (!isSchema(of)) continue;
      const at = { path: joined(place.path, name), field: `${place.field} ${name}`, name, depth: place.depth + 1 };
      const value = this.make(of, at, run);
      if (value !== undefined) out[name] = value;
      // Of the whole body, the refusal says what is missing.
      else if (required.includes(name) && place.path !== "") return undefined;
    }
    return out;
  }

  private text(schema: Schema, place: Place, run: Run): string | undefined {
    const { format, pattern, maxLength = 100_000 } = schema;
    const { name, path, field } = place;
    const known = this.known.get(name);
    if (format === "date-time") return new Date(Date.now() + timeOf(name)).toISOString();
    if (format === "date") return new Date(Date.now() + timeOf(name) * 24).toISOString().slice(0, 10);
    if (typeof pattern === "string" && /\{26\}/.test(pattern)) return known;
    if (known !== undefined) return known;
    const n = this.marks.size + 1;
    const isAddress = format === "uri" || /url$|^address$|^addresses$/i.test(name);
    if (!isAddress && SECRET_FIELD.test(name)) return undefined;
    const forms = (isAddress ? ADDRESS_FORMS.map((form) => form(n)) : formsOf(n)).filter(
      (form) => form.length <= Number(maxLength) && (typeof pattern !== "string" || new RegExp(pattern, "u").test(form)),
    );
    // What the document itself allows no markup in is no text.
    if (forms.some((form) => form.includes("<"))) run.fields.push(field);
    const text = forms[run.refused.get(path) ?? 0];
    if (text === undefined) return this.plain(schema, name, n);
    this.marks.set(n, { field, text });
    run.marks.push(n);
    return text;
  }

  /** Of a field that refuses words. */
  private plain({ format, pattern }: Schema, name: string, n: number): string | undefined {
    if (format === "email") return `m${n}z@home.example`;
    const named = BY_NAME[name];
    if (named !== undefined) return named;
    return typeof pattern === "string" ? SAMPLES.find((sample) => new RegExp(pattern, "u").test(sample)) : undefined;
  }
}

type Run = { readonly variant: number; readonly refused: Refused; readonly marks: number[]; readonly fields: string[] };

const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** Without null, which has no text. */
function alternativesOf({ anyOf, oneOf, allOf }: Schema): readonly Schema[] {
  const all = anyOf ?? oneOf ?? allOf;
  return Array.isArray(all) ? all.filter(isSchema).filter(({ type }) => type !== "null") : [];
}

/** What begins does so in an hour, what ends in two. */
function timeOf(name: string): number {
  return (/end|close|until|to$|expire|last/i.test(name) ? 2 : 1) * HOUR_MS;
}

function numberOf({ minimum, maximum, exclusiveMinimum }: Schema, name: string): number {
  const usual = /seconds/i.test(name) ? 600 : /width|height/i.test(name) ? 360 : 1;
  const least = Math.max(Number(minimum ?? -1e9), Number(exclusiveMinimum ?? -1e9) + 1);
  return Math.min(Math.max(usual, least), Number(maximum ?? 1e9));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return isSchema(value) ? value : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Makes values for JSON schemas, as OpenAPI 3.1 has them (JSON Schema 2020-12), and bends them: text, numbers and shapes that nobody expects. */
import fc from "fast-check";

export type Schema = { readonly [key: string]: unknown };
/** Values that the server has given: ids, codes, tokens. */
export type Known = {
  /** By the field that takes them, such as `lessonId`. */
  readonly ids: Map<string, string[]>;
  readonly words: string[];
};

const NASTY_TEXT = [
  ...[
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "x\udfff",
    "\u202eevil",
    "\u2066",
    "\u0007",
    "\n",
    "\u2028",
    "e\u0301",
    "\ufeff",
    "%00",
    "%",
    "_",
  ],
  ...[
    "../../etc/passwd",
    "'; drop table users; --",
    "{{7*7}}",
    "<script>",
    "[",
    "a b",
    "x:99999",
    "\\",
    "null",
    "-1",
    "1e309",
    "NaN",
  ],
  ...[
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999-23:59",
    "2026-02-30T00:00:00Z",
    "10000-01-01T00:00:00Z",
    "２０２６",
    "😀".repeat(300),
  ],
  ...[
    "a".repeat(5000),
    "0".repeat(26),
    "z".repeat(26),
    "AAAABBBB",
    "__proto__",
    "constructor",
    "::1",
    "1.2.3.4/99",
    "Asia/Nowhere",
  ],
];
const NASTY_NUMBERS = [0, -1, 0.5, 1e21, -1e308, Number.MAX_SAFE_INTEGER, 2 ** 31, 2 ** 63, -0];
/** Webhooks and providers are called: nothing outside this machine may be named. */
const ADDRESSES = ["http://127.0.0.1:9/hook", "http://127.0.0.1:9/other", "https://127.0.0.1:9/x?y=1"];
const NASTY_ADDRESSES = [
  "http://[",
  "ftp://127.0.0.1/x",
  "http://",
  "http://127.0.0.1:99999/",
  "javascript:alert(1)",
  "http://a b/",
];

const nasty: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NASTY_TEXT) },
  { weight: 2, arbitrary: fc.constantFrom(...NASTY_NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, [], {}, [[]], [null], { a: { b: [1] } }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);

export class SchemaValues {
  private readonly schemas: Readonly<Record<string, Schema>>;
  private readonly known: Known;

  /** @param schemas the document's components */
  constructor(schemas: Readonly<Record<string, Schema>>, known: Known) {
    this.schemas = schemas;
    this.known = known;
  }

  /** Values that fit the schema, mostly. */
  fitting(schema: Schema, name = ""): fc.Arbitrary<unknown> {
    const { $ref, anyOf, oneOf, allOf, enum: values, const: only, type } = schema;
    if (typeof $ref === "string") return this.fitting(this.schemas[$ref.split("/").at(-1) ?? ""] ?? {}, name);
    const options = anyOf ?? oneOf ?? allOf;
    if (Array.isArray(options)) return fc.oneof(...options.map((option) => this.fitting(option, name)));
    if (Array.isArray(values)) return fc.constantFrom(...values);
    if (only !== undefined) return fc.constant(only);
    if (Array.isArray(type)) return fc.oneof(...type.map((one) => this.fitting({ ...schema, type: one }, name)));
    if (type === "string") return this.texts(schema, name);
    if (type === "integer" || type === "number") return numbers(schema);
    if (type === "boolean") return fc.boolean();
    if (type === "null") return fc.constant(null);
    if (type === "array") return fc.array(this.fitting(part(schema, "items")), { maxLength: 3 });
    if (type === "object") return this.objects(schema);
    return nasty;
  }

  /** The same values, one part of which is something else in every second one. */
  bent(schema: Schema): fc.Arbitrary<unknown> {
    const bend = fc.record({ other: otherFor(schema), at: fc.nat(1000), adds: fc.boolean() });
    return fc
      .record({ value: this.fitting(schema), bend: fc.option(bend, { freq: 1 }) })
      .map(({ value, bend }) => (bend === null ? value : replaced(value, bend.other, bend.at, bend.adds)));
  }

  private texts(schema: Schema, name: string): fc.Arbitrary<unknown> {
    const { format, pattern, maxLength } = schema;
    if (format === "uri") return fc.constantFrom(...ADDRESSES);
    if (format === "email") return fc.constantFrom("mei@home.example", "a+b@c.example");
    if (format === "date-time")
      return fc.date({ min: new Date(0), max: new Date(253_402_300_799_000), noInvalidDate: true }).map((at) => at.toISOString());
    const word = fc.oneof(this.pick(this.known.words), fc.string({ maxLength: Math.min(30, Number(maxLength ?? 30)) }));
    if (typeof pattern !== "string") return word;
    if (pattern.includes("{26}")) return this.pickId(name);
    return fc.oneof(word, fc.constantFrom("a", "live", "x1", "live/x", "10.0.0.0/8"));
  }

  private pickId(name: string): fc.Arbitrary<string> {
    return fc.record({ i: fc.nat(100_000), isForeign: fc.nat(9) }).map(({ i, isForeign }) => {
      const named = this.known.ids.get(name);
      const from = named && isForeign > 0 ? named : [...this.known.ids.values()].flat();
      return from[i % Math.max(1, from.length)] ?? "none";
    });
  }

  private pick(from: readonly string[]): fc.Arbitrary<string> {
    return fc.nat(100_000).map((i) => from[i % Math.max(1, from.length)] ?? "none");
  }

  private objects(schema: Schema): fc.Arbitrary<unknown> {
    const properties = Object.entries(part(schema, "properties"));
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const fields = Object.fromEntries(properties.map(([name, of]) => [name, this.fitting(isSchema(of) ? of : {}, name)]));
    const requiredKeys = Object.keys(fields).filter((name) => required.includes(name));
    return fc.record(fields, { requiredKeys, noNullPrototype: true });
  }
}

function otherFor(schema: Schema): fc.Arbitrary<unknown> {
  return JSON.stringify(schema).includes('"uri"') ? fc.constantFrom<unknown>(...NASTY_ADDRESSES, null, 5) : nasty;
}

function numbers({ minimum = -10, maximum = 1000, type }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(Number(minimum), -1e9), Math.min(Number(maximum), 1e9)];
  return type === "integer" ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

function part(schema: Schema, name: string): Schema {
  const found = schema[name];
  return isSchema(found) ? found : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Replaces one of the value's parts, or adds a field. */
function replaced(value: unknown, other: unknown, at: number, adds: boolean): unknown {
  if (!isSchema(value)) return other;
  const keys = Object.keys(value);
  if (adds && at % 5 === 0) return { ...value, [String(other)]: other };
  const key = keys[at % Math.max(1, keys.length)];
  if (key === undefined) return at % 2 === 0 ? other : value;
  if (at % 11 === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const inner = value[key];
  return { ...value, [key]: isSchema(inner) ? replaced(inner, other, at >> 3, adds) : other };
}

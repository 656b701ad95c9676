/** Describes JSON schemas (of OpenAPI 3.1) as rows for people: each field with its place, its type in words, and what it means. */

export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | false;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};
export type Schemas = Readonly<Record<string, Schema>>;

export type Field = {
  /** `stream.rtmpUrl`, `items[].title`. Empty: the whole. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
};

/** Deeper fields are left to the document; schemas have themselves inside. */
const MAX_DEPTH = 4;
/** The largest number that JSON.parse keeps, which zod names as the limit of integers that have none. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

export function fieldsOf(schema: Schema, schemas: Schemas): readonly Field[] {
  const fields: Field[] = [];
  addInside(fields, schema, "", schemas, 0);
  const seen = new Set<string>();
  return fields.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function add(fields: Field[], schema: Schema, name: string, isRequired: boolean, schemas: Schemas, depth: number): void {
  const { description = "" } = { ...resolved(schema, schemas), ...schema };
  fields.push({ name, type: typeOf(schema, schemas), isRequired, description });
  if (depth < MAX_DEPTH) addInside(fields, schema, name, schemas, depth);
}

/** The fields of an object, of the objects of a list, or of each variant. */
function addInside(fields: Field[], given: Schema, name: string, schemas: Schemas, depth: number): void {
  const schema = resolved(given, schemas);
  const variants = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => list ?? []);
  for (const variant of variants) addInside(fields, variant, name, schemas, depth);
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    add(fields, property, name ? `${name}.${key}` : key, schema.required?.includes(key) ?? false, schemas, depth + 1);
  if (schema.items) addInside(fields, schema.items, `${name}[]`, schemas, depth);
  if (typeof schema.additionalProperties === "object" && Object.keys(schema.additionalProperties).length > 0)
    addInside(fields, schema.additionalProperties, name ? `${name}.*` : "*", schemas, depth);
}

/** Such as `whole number, 1 to 1000`, `"on" or "off"`, `list of texts, or nothing`. */
export function typeOf(given: Schema, schemas: Schemas): string {
  const schema = resolved(given, schemas);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return orList(schema.enum.map((value) => JSON.stringify(value)));
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return orList([...new Set(variants.map((variant) => typeOf(variant, schemas)))]);
  if (schema.allOf) return "object";
  return orList([schema.type ?? "any value"].flat().map((type) => simpleType(type, schema, schemas)));
}

function simpleType(type: string, schema: Schema, schemas: Schemas): string {
  switch (type) {
    case "string":
      return `${schema.format === "date-time" ? "time" : (schema.format ?? "text")}${ofLength(schema)}`;
    case "integer":
      return `whole number${inRange(schema)}`;
    case "number":
      return `number${inRange(schema)}`;
    case "boolean":
      return "true or false";
    case "array": {
      const most = schema.maxItems === undefined ? "" : `, up to ${schema.maxItems}`;
      return `list of ${schema.items ? typeOf(schema.items, schemas) : "anything"}${most}`;
    }
    default:
      return type;
  }
}

function inRange({ minimum, exclusiveMinimum, maximum }: Schema): string {
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  const from = least === undefined || least <= -UNLIMITED ? "" : String(least);
  const to = maximum === undefined || maximum >= UNLIMITED ? "" : String(maximum);
  if (from && to) return `, ${from} to ${to}`;
  if (from) return `, from ${from}`;
  return to && `, up to ${to}`;
}

function ofLength({ minLength = 0, maxLength }: Schema): string {
  if (maxLength === undefined) return "";
  return minLength > 1 ? `, ${minLength} to ${maxLength} characters` : `, up to ${maxLength} characters`;
}

function orList(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "any value") : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

function resolved(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref === undefined) return schema;
  return schemas[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)] ?? {};
}

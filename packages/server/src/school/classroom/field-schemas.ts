/**
 * Makes schemas of the fields that `@lectern/room` declares: what people send, and what entries hold. The compiler does not see which type a schema has that is made
 * of data: where one leaves this file, a cast says that it has the type of its declaration.
 */
import type {
  ActionOf,
  EntryForm,
  Field,
  Fields,
  FieldsOf,
  Kind,
  OptionalField,
  ParsedField,
  PlainField,
  StringField,
  ValueOf,
} from "@lectern/room";
import { z } from "zod";
import { id } from "../foundation/requests/fields.ts";
import { roomLine, roomText } from "./room-text.ts";

type Limits = { readonly min?: number; readonly max?: number };
/** A schema; of an optional field, one whose key may be left out. */
type SchemaOf<Of> = Of extends OptionalField<infer Inner> ? z.ZodOptional<z.ZodType<ValueOf<Inner>>> : z.ZodType<ValueOf<Of>>;

/** @param of from the package's declarations, so that the type is theirs */
export function fieldSchema<Of extends Field>(of: Of): SchemaOf<Of> {
  return schemaOf(of, z.strictObject) as unknown as SchemaOf<Of>;
}

/** The body of what people send of a kind. @param more actions that are not of the protocol, such as those that only the server does */
export function actionSchema<Of extends Kind, Server extends readonly z.ZodObject[]>(
  { sends }: Of,
  ...more: Server
): z.ZodType<ActionOf<Of> | z.output<Server[number]>> {
  if ("fields" in sends) return bodySchema(sends.fields) as never;
  if ("forms" in sends) return z.union(sends.forms.map(bodySchema)) as never;
  const actions = Object.entries(sends.actions).map(([action, fields]) => {
    const shape = z.strictObject({ action: z.literal(action), ...shapeOf(fields, z.strictObject) });
    const needed = sends.needsOneOf?.[action];
    return needed ? shape.refine((body) => needed.names.some((name) => has(body, name)), needed.mistake) : shape;
  });
  const [first, ...others] = [...actions, ...more];
  if (!first) throw new Error("a kind without actions");
  return z.discriminatedUnion("action", [first, ...others]) as never;
}

/** An object with these fields, and no others. */
export function bodySchema(fields: Fields): z.ZodType {
  return z.strictObject(shapeOf(fields, z.strictObject));
}

/** The body of an entry that the room holds; fields that the declaration does not have are left out. */
export function entrySchema<Of extends EntryForm>({ fields }: Of): z.ZodType<FieldsOf<Of["fields"]>> {
  return z.object(shapeOf(fields, z.object)) as never;
}

function has(body: Readonly<Record<string, unknown>>, name: string): boolean {
  return body[name] !== undefined;
}

/** Whether unknown fields are refused, or left out. */
type ObjectOf = typeof z.strictObject | typeof z.object;

function shapeOf(fields: Fields, objectOf: ObjectOf): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, schemaOf(of, objectOf)]));
}

function schemaOf(of: Field, objectOf: ObjectOf): z.ZodType {
  switch (of.is) {
    case "list":
      return listSchema(schemaOf(of.of, objectOf), of);
    case "object":
      return objectOf(shapeOf(of.fields, objectOf));
    case "any":
      return z.union(of.of.map((one) => schemaOf(one, objectOf)));
    case "optional":
      return schemaOf(of.of, objectOf).optional();
    case "nullable":
      return schemaOf(of.of, objectOf).nullable();
    case "default":
      return schemaOf(of.of, objectOf).default(of.value);
    default:
      return plainSchema(of);
  }
}

function plainSchema(of: PlainField): z.ZodType {
  switch (of.is) {
    case "text":
      return of.lines === "one" ? roomLine(of.max) : roomText(of.max);
    case "id":
      return id;
    case "string":
      return stringSchema(of);
    case "integer":
      return within(z.int(), of);
    case "number":
      return within(z.number(), of);
    case "boolean":
      return z.boolean();
    case "true":
      return z.literal(true);
    case "choice":
      return z.enum(of.values);
    case "parsed":
      return parsedSchema(of);
  }
}

function parsedSchema({ parse }: ParsedField): z.ZodType {
  return z.unknown().transform((value, context): unknown => {
    const read = parse(value);
    if ("value" in read) return read.value;
    context.addIssue({ code: "custom", message: read.mistake });
    return z.NEVER;
  });
}

function listSchema(item: z.ZodType, { min, max }: Limits): z.ZodType {
  const items = z.array(item);
  const few = min === undefined ? items : items.min(min);
  return max === undefined ? few : few.max(max);
}

function stringSchema({ min, max, pattern, isLowered, check, mistake }: StringField): z.ZodType {
  let schema = z.string();
  if (min !== undefined) schema = schema.min(min);
  if (max !== undefined) schema = schema.max(max);
  if (pattern) schema = schema.regex(pattern);
  if (isLowered) schema = schema.toLowerCase();
  return check ? schema.refine(check, mistake) : schema;
}

function within(schema: z.ZodNumber, { min, max }: Limits): z.ZodType {
  const least = min === undefined ? schema : schema.min(min);
  return max === undefined ? least : least.max(max);
}

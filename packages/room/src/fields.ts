/**
 * Defines what the declarations of kinds are written in: fields as plain data, and the types that they stand for. The server makes its schemas of
 * them (`packages/server/src/school/classroom/field-schemas.ts`), the test of docs/room-protocol.md compares the page with them, and pages have the
 * types alone: a declaration that a page does not name is not in its scripts.
 */

/** Text that people write, one or more lines, of so many characters once it is cleaned. */
export type TextField = { readonly is: "text"; readonly max: number; readonly lines: "one" | "many" };
/** An id that the server has made: of a participant, a line, a quiz. */
export type IdField = { readonly is: "id" };
export type StringField = {
  readonly is: "string";
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** It is stored in lower case. */
  readonly isLowered?: boolean;
  /** @returns whether the string is one; `mistake` says what it is not */
  readonly check?: (value: string) => boolean;
  readonly mistake?: string;
};
export type NumberField = {
  readonly is: "number" | "integer";
  readonly min?: number;
  readonly max?: number;
};
export type BooleanField = { readonly is: "boolean" };
/** Only ever true: absent otherwise. */
export type TrueField = { readonly is: "true" };
export type ChoiceField<Value extends string = string> = { readonly is: "choice"; readonly values: readonly Value[] };
export type ListField<Of> = { readonly is: "list"; readonly of: Of; readonly min?: number; readonly max?: number };
export type ObjectField<Of> = { readonly is: "object"; readonly fields: Of };
export type AnyField<Of> = { readonly is: "any"; readonly of: Of };
/** Read by a function of its own. */
export type ParsedField<Value = unknown> = {
  readonly is: "parsed";
  readonly parse: (value: unknown) => { readonly value: Value } | { readonly mistake: string };
};
export type OptionalField<Of> = { readonly is: "optional"; readonly of: Of };
export type NullableField<Of> = { readonly is: "nullable"; readonly of: Of };
/** Who leaves it out means this value. */
export type DefaultField<Of, Value> = { readonly is: "default"; readonly of: Of; readonly value: Value };

export type PlainField = TextField | IdField | StringField | NumberField | BooleanField | TrueField | ChoiceField | ParsedField;
/** Made of other fields. Spelled out, because a type may not be an argument of itself. */
export type ComposedField =
  | { readonly is: "list"; readonly of: Field; readonly min?: number; readonly max?: number }
  | { readonly is: "object"; readonly fields: Fields }
  | { readonly is: "any"; readonly of: readonly Field[] }
  | { readonly is: "optional" | "nullable"; readonly of: Field }
  | { readonly is: "default"; readonly of: Field; readonly value: unknown };
export type Field = PlainField | ComposedField;

export type Fields = { readonly [name: string]: Field };

export const ID: IdField = { is: "id" };
export const BOOLEAN: BooleanField = { is: "boolean" };
export const TRUE: TrueField = { is: "true" };
export const STRING: StringField = { is: "string" };
export const NUMBER: NumberField = { is: "number" };

export function text(max: number): TextField {
  return { is: "text", max, lines: "many" };
}

export function line(max: number): TextField {
  return { is: "text", max, lines: "one" };
}

export function string(limits: Omit<StringField, "is">): StringField {
  return { is: "string", ...limits };
}

export function integer(min: number, max?: number): NumberField {
  return max === undefined ? { is: "integer", min } : { is: "integer", min, max };
}

export function number(min: number, max?: number): NumberField {
  return max === undefined ? { is: "number", min } : { is: "number", min, max };
}

export function choice<const Value extends string>(values: readonly Value[]): ChoiceField<Value> {
  return { is: "choice", values };
}

export function list<Of extends Field>(of: Of, limits: { readonly min?: number; readonly max?: number } = {}): ListField<Of> {
  return { is: "list", of, ...limits };
}

export function object<Of extends Fields>(fields: Of): ObjectField<Of> {
  return { is: "object", fields };
}

export function anyOf<const Of extends readonly Field[]>(...of: Of): AnyField<Of> {
  return { is: "any", of };
}

export function parsed<Value>(parse: ParsedField<Value>["parse"]): ParsedField<Value> {
  return { is: "parsed", parse };
}

export function optional<Of extends Field>(of: Of): OptionalField<Of> {
  return { is: "optional", of };
}

export function nullable<Of extends Field>(of: Of): NullableField<Of> {
  return { is: "nullable", of };
}

export function withDefault<Of extends Field, const Value extends string | boolean | null>(
  of: Of,
  value: Value,
): DefaultField<Of, Value> {
  return { is: "default", of, value };
}

/** All of the fields, each of which may be left out. */
export function partial<Of extends Fields>(fields: Of): { readonly [Name in keyof Of]: OptionalField<Of[Name]> } {
  return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, optional(of)])) as never;
}

/**
 * Makes a declaration. Written with `@__PURE__` before it, so that the scripts of a page do not have the declarations that the page does not name, nor what
 * these are made with.
 */
export function declared<const Of>(make: () => Of): Of {
  return make();
}

/** What a field stands for once it was read. */
export type ValueOf<Of> = Of extends TextField | IdField | StringField
  ? string
  : Of extends NumberField
    ? number
    : Of extends BooleanField
      ? boolean
      : Of extends TrueField
        ? true
        : Of extends ChoiceField<infer Value>
          ? Value
          : Of extends ListField<infer Item>
            ? readonly ValueOf<Item>[]
            : Of extends ObjectField<infer Inner>
              ? FieldsOf<Inner>
              : Of extends AnyField<readonly (infer Each)[]>
                ? ValueOf<Each>
                : Of extends ParsedField<infer Value>
                  ? Value
                  : Of extends OptionalField<infer Inner>
                    ? ValueOf<Inner> | undefined
                    : Of extends NullableField<infer Inner>
                      ? ValueOf<Inner> | null
                      : Of extends DefaultField<infer Inner, unknown>
                        ? ValueOf<Inner>
                        : never;

type OptionalNames<Of> = { [Name in keyof Of]: Of[Name] extends OptionalField<unknown> ? Name : never }[keyof Of];

/** An object with these fields. */
export type FieldsOf<Of> = Flat<
  { readonly [Name in Exclude<keyof Of, OptionalNames<Of>>]: ValueOf<Of[Name]> } & {
    readonly [Name in OptionalNames<Of>]?: ValueOf<Of[Name]>;
  }
>;

type Flat<T> = { [Name in keyof T]: T[Name] };

/**
 * Flattens what Lectern promises to other programs into facts: a place, such as `POST /api/v1/lessons <.title`, and what stands there, such as
 * `string required`. Places with `<` take, those with `>` give. Two versions are compared fact by fact.
 */
export type Facts = ReadonlyMap<string, Fact>;

export type Fact = {
  /** The kinds of values: names of JSON types, and of enumerations the values as JSON. Empty: any value, or a place without one. */
  readonly types: readonly string[];
  /** `required` where it must be sent, or is always there. */
  readonly required: boolean;
};

export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};

/** Finds what `#/components/schemas/X` names; undefined: nothing. */
export type Resolve = (reference: string) => Schema | undefined;

/** Adds what a schema says at a place and below it. Schemas that have themselves inside end where they repeat. */
export function addSchema(
  facts: Map<string, Fact>,
  place: string,
  schema: Schema,
  required: boolean,
  resolve: Resolve,
  open: readonly string[] = [],
): void {
  if (schema.$ref !== undefined) {
    const target = open.includes(schema.$ref) ? undefined : resolve(schema.$ref);
    if (target) addSchema(facts, place, target, required, resolve, [...open, schema.$ref]);
    else addFact(facts, place, [schema.$ref], required);
    return;
  }
  for (const part of schema.allOf ?? []) addSchema(facts, place, part, required, resolve, open);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) {
    addVariants(facts, place, variants, required, resolve, open);
    return;
  }
  addFact(facts, place, typesOf(schema), required);
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    addSchema(facts, `${place}.${name}`, property, schema.required?.includes(name) ?? false, resolve, open);
  const items = [...(schema.items ? [schema.items] : []), ...(schema.prefixItems ?? [])];
  for (const item of items) addSchema(facts, `${place}[]`, item, true, resolve, open);
  if (typeof schema.additionalProperties === "object")
    addSchema(facts, `${place}.*`, schema.additionalProperties, false, resolve, open);
}

/** A field is required where each variant that is an object requires it. */
function addVariants(
  facts: Map<string, Fact>,
  place: string,
  variants: readonly Schema[],
  required: boolean,
  resolve: Resolve,
  open: readonly string[],
): void {
  const each = variants.map((variant) => {
    const own = new Map<string, Fact>();
    addSchema(own, place, variant, required, resolve, open);
    return own;
  });
  const withFields = each.filter((own) => own.size > 1);
  for (const own of each)
    for (const [at, fact] of own) {
      const isEverywhere = at === place || withFields.every((other) => other.get(at)?.required);
      addFact(facts, at, fact.types, fact.required && isEverywhere);
    }
}

export function addFact(facts: Map<string, Fact>, place: string, types: readonly string[], required: boolean): void {
  const known = facts.get(place);
  facts.set(place, {
    types: [...new Set([...(known?.types ?? []), ...types])].toSorted(),
    required: required && (known?.required ?? true),
  });
}

function typesOf(schema: Schema): readonly string[] {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value));
  return [schema.type ?? []].flat();
}

/** One line for each fact, in order. */
export function writeFacts(facts: Facts): string {
  const lines = [...facts].map(([place, { types, required }]) => [place, types.join(" | "), required ? "required" : ""].join("\t"));
  return `${lines.toSorted().join("\n")}\n`;
}

export function readFacts(text: string): Facts {
  return new Map(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [place = "", types = "", required] = line.split("\t");
        return [place, { types: types === "" ? [] : types.split(" | "), required: required === "required" }];
      }),
  );
}

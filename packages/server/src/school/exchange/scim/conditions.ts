/** Makes conditions of the database from filters, and orders from `sortBy`: RFC 7644 sections 3.4.2.2 and 3.4.2.3. Every value is a parameter of its statement. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { scimText } from "../../foundation/messages/scim-texts.ts";
import { BadFilter, type Comparison, type Filter, MAX_CONDITIONS, MAX_FILTER, parseFilter } from "./filter.ts";
import { scimError } from "./scim-form.ts";

type Condition = RawBuilder<SqlBool>;
type Compare = Extract<Filter, { kind: "compare" }>;

/**
 * Where an attribute is in the database. text: compared without case, as far as the locale of the database knows it; exact: as it is. boolean and instant: an
 * expression of that type. constant: the same in every value that the attribute has. many: rows of another table, each with attributes of its own.
 */
export type Column =
  | { readonly type: "instant" | "boolean"; readonly column: RawBuilder<unknown> }
  /** `only`: rows of which this does not hold have no such value for a comparison. */
  | { readonly type: "text"; readonly column: RawBuilder<unknown>; readonly only?: Condition }
  /** `stored`: how the column has a text of a request. Default: as it is. */
  | {
      readonly type: "exact";
      readonly column: RawBuilder<unknown>;
      readonly stored?: (text: string) => string;
      readonly only?: Condition;
    }
  /** Compared for equality only, as it says itself. */
  | { readonly type: "equal"; readonly column: RawBuilder<unknown>; readonly equals: (text: string) => Condition }
  | { readonly type: "constant"; readonly value: string | boolean; readonly present: Condition }
  | { readonly type: "many"; readonly some: (condition: Condition) => Condition; readonly columns: Columns };
/** By names in small letters: `emails.value`. A name without a sub-attribute is its value's. */
export type Columns = Readonly<Record<string, Column>>;

/** @param text null: everything fits @throws RefusalError invalidFilter */
export function conditionOf(text: string | null, columns: Columns): Condition {
  if (text === null) return sql<SqlBool>`true`;
  try {
    return conditionOfFilter(parseFilter(text), columns);
  } catch (error) {
    if (!(error instanceof BadFilter)) throw error;
    throw scimError("invalidFilter", scimText("filter", { at: error.at + 1, max: MAX_FILTER, conditions: MAX_CONDITIONS }));
  }
}

/** @throws RefusalError invalidPath */
export function orderOf(attribute: string, columns: Columns): RawBuilder<unknown> {
  const column = columns[attribute];
  if (column?.type === "text") return sql`lower(${column.column})`;
  if (column?.type === "exact" || column?.type === "instant") return column.column;
  throw scimError("invalidPath", scimText("sort-attribute", { name: attribute.slice(0, 100) }));
}

function conditionOfFilter(filter: Filter, columns: Columns): Condition {
  switch (filter.kind) {
    case "and":
    case "or": {
      const all = filter.of.map((one) => conditionOfFilter(one, columns));
      return sql<SqlBool>`(${sql.join(all, filter.kind === "and" ? sql` and ` : sql` or `)})`;
    }
    case "not":
      return sql<SqlBool>`(not ${conditionOfFilter(filter.of, columns)})`;
    case "element":
      return elementCondition(filter.attribute, filter.filter, columns);
    case "present":
      return presence(columnOf(filter.attribute, columns));
    case "compare":
      return comparison(filter, columnOf(filter.attribute, columns));
  }
}

/** One value of the attribute fits the whole filter. An attribute that has one value at most has its columns beside the others. */
function elementCondition(attribute: string, filter: Filter, columns: Columns): Condition {
  const column = columns[attribute];
  if (column?.type === "many") return column.some(conditionOfFilter(filter, column.columns));
  const own = Object.entries(columns).filter(([name]) => name.startsWith(`${attribute}.`));
  if (own.length === 0) throw unknownAttribute(attribute);
  return conditionOfFilter(filter, Object.fromEntries(own.map(([name, one]) => [name.slice(attribute.length + 1), one])));
}

function columnOf(name: string, columns: Columns): Column {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column) return column;
  // `members.value`: a column of the rows.
  const dot = name.lastIndexOf(".");
  const rows = Object.hasOwn(columns, name.slice(0, dot)) ? columns[name.slice(0, dot)] : undefined;
  const inner = rows?.type === "many" ? rows.columns[name.slice(dot + 1)] : undefined;
  if (rows?.type !== "many" || !inner) throw unknownAttribute(name);
  return { type: "many", some: rows.some, columns: { value: inner } };
}

function presence(column: Column): Condition {
  if (column.type === "constant") return column.present;
  if (column.type === "many") return column.some(sql<SqlBool>`true`);
  return sql<SqlBool>`(${column.column} is not null)`;
}

function comparison(filter: Compare, column: Column): Condition {
  const { value } = filter;
  if (column.type === "many") {
    const { value: inner } = column.columns;
    if (!inner) throw badValue(filter);
    if (value === null) return nullComparison(filter, column);
    // That none of the values is the same.
    if (filter.comparison === "ne") return sql<SqlBool>`(not ${column.some(comparison({ ...filter, comparison: "eq" }, inner))})`;
    return column.some(comparison(filter, inner));
  }
  if (value === null) return nullComparison(filter, column);
  if (filter.comparison === "ne")
    return sql<SqlBool>`(not coalesce(${comparison({ ...filter, comparison: "eq" }, column)}, false))`;
  switch (column.type) {
    case "constant":
      if (filter.comparison !== "eq") throw badValue(filter);
      return String(column.value).toLowerCase() === String(value).toLowerCase() ? column.present : sql<SqlBool>`false`;
    case "boolean":
      return sql<SqlBool>`(${column.column} = ${booleanIn(filter)})`;
    case "equal":
      if (filter.comparison !== "eq") throw badValue(filter);
      return column.equals(textIn(filter));
    case "instant":
      return sql<SqlBool>`(${column.column} ${sql.raw(orderSign(filter))} ${instantIn(filter)})`;
    case "exact":
      return limited(column, textComparison(filter, column.column, sql`${(column.stored ?? String)(textIn(filter))}::text`));
    case "text":
      return limited(column, textComparison(filter, sql`lower(${column.column})`, sql`lower(${textIn(filter)}::text)`));
  }
}

function limited({ only }: { readonly only?: Condition }, condition: Condition): Condition {
  return only ? sql<SqlBool>`(${condition} and ${only})` : condition;
}

/** Nothing is greater than no value, or contains it. */
function nullComparison(filter: Compare, column: Column): Condition {
  if (filter.comparison === "eq") return sql<SqlBool>`(not ${presence(column)})`;
  if (filter.comparison === "ne") return presence(column);
  throw badValue(filter);
}

const ORDER_SIGNS: Partial<Record<Comparison, string>> = { eq: "=", gt: ">", ge: ">=", lt: "<", le: "<=" };

function orderSign(filter: Compare): string {
  const sign = ORDER_SIGNS[filter.comparison];
  if (sign === undefined) throw badValue(filter);
  return sign;
}

function textComparison(filter: Compare, own: RawBuilder<unknown>, value: RawBuilder<unknown>): Condition {
  switch (filter.comparison) {
    case "co":
      return sql<SqlBool>`(strpos(${own}, ${value}) > 0)`;
    case "sw":
      return sql<SqlBool>`starts_with(${own}, ${value})`;
    case "ew":
      return sql<SqlBool>`(right(${own}, length(${value})) = ${value})`;
    default:
      return sql<SqlBool>`((${own}) collate "C" ${sql.raw(orderSign(filter))} ${value})`;
  }
}

function textIn(filter: Compare): string {
  if (typeof filter.value !== "string") throw badValue(filter);
  return filter.value;
}

function booleanIn(filter: Compare): boolean {
  const text = String(filter.value).toLowerCase();
  if (filter.comparison !== "eq" || (text !== "true" && text !== "false")) throw badValue(filter);
  return text === "true";
}

function instantIn(filter: Compare): Date {
  const time = typeof filter.value === "string" ? Date.parse(filter.value) : Number.NaN;
  if (!(time >= 0 && time < MAX_TIME)) throw badValue(filter);
  return new Date(time);
}

/** The year 10000. */
const MAX_TIME = 253_402_300_800_000;

function unknownAttribute(name: string) {
  return scimError("invalidFilter", scimText("filter-attribute", { name: name.slice(0, 100) }));
}

function badValue({ attribute: name, comparison: by }: Compare) {
  return scimError("invalidFilter", scimText("filter-value", { name: name.slice(0, 100), comparison: by }));
}

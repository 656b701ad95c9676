/** Provides the school that the console shows, as a React context. An operator may look at all schools at once. */
import { createContext, useContext } from "react";

export type SchoolSummary = {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly version: number;
  /** Its address; null: none is set. */
  readonly logo: string | null;
  /** Of its lessons, where neither they nor their course have another; null: the server's. */
  readonly ladder: string | null;
  readonly ladderStart: "demand" | "publish" | null;
};

export type SchoolScope = {
  readonly isOperator: boolean;
  readonly schools: readonly SchoolSummary[];
  /** Null for all schools. */
  readonly school: SchoolSummary | null;
  /** @param id null for all schools */
  readonly select: (id: string | null) => void;
};

export const SchoolScopeContext = createContext<SchoolScope>({ isOperator: false, schools: [], school: null, select: () => {} });

export function useSchoolScope(): SchoolScope {
  return useContext(SchoolScopeContext);
}

/** The query parameter that limits a list to the school. */
export function schoolQuery({ school }: Pick<SchoolScope, "school">): { schoolId?: string } {
  return school ? { schoolId: school.id } : {};
}

/**
 * The same for what the platform has too, such as alarms of its nodes: an operator of one school sees all of it, of several schools what the one that
 * is selected has.
 */
export function platformQuery(scope: Pick<SchoolScope, "isOperator" | "schools" | "school">): { schoolId?: string } {
  return scope.isOperator && scope.schools.length < 2 ? {} : schoolQuery(scope);
}

/** Whether the console shows several schools at once, so that what is added needs one of them. */
export function isOfAllSchools({ schools, school }: Pick<SchoolScope, "schools" | "school">): boolean {
  return school === null && schools.length > 1;
}

/** An address of the console in which the selected school stays. */
export function schoolPath({ schools, school }: Pick<SchoolScope, "schools" | "school">, path: string): string {
  if (!school || schools.length < 2) return path;
  return `${path}${path.includes("?") ? "&" : "?"}school=${school.id}`;
}

/**
 * The school to show: a person's own, the one of the address, or the only one.
 * @param own null for an operator; @param requested from the address
 */
export function shownSchool(schools: readonly SchoolSummary[], own: string | null, requested: string | null): SchoolSummary | null {
  const byId = (id: string | null) => schools.find((school) => school.id === id) ?? null;
  if (own !== null) return byId(own);
  return byId(requested) ?? (schools.length === 1 ? (schools[0] ?? null) : null);
}
